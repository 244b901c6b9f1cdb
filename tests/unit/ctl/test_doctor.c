/* Goal: the doctor names what is wrong and how to mend it, and is content with what is well. */
#include "ctl/ctl_kit.h"

#include <fcntl.h>

#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "store/private_redis.h"

#define HEALTH(redis) HTTP("200 OK", "", "{\"redis\":\"" redis "\",\"status\":\"s\",\"agents\":{}}")
#define READY                                                                                      \
    HTTP("200 OK", "", "{\"redis\":\"ok\",\"runner\":\"ok\",\"status\":\"ready\",\"reasons\":{}}")
#define ME HTTP("200 OK", "", "{\"user_id\":\"api-key-user\",\"role\":\"api_user\"}")
#define BEARER(code) HTTP("401 X", "", "{\"detail\":\"d\",\"code\":\"" code "\"}")

static struct private_redis *redis;

static int start_redis(void **state) {
    static const char *const lasting[] = {"--appendonly", "yes", "--maxmemory-policy", "noeviction",
                                          NULL};
    redis = private_redis_start(lasting);
    return ctl_set_up(state);
}

static int stop_redis(void **state) {
    (void)state;
    private_redis_stop(redis);
    return 0;
}

static struct ran *doctor_for(const char *const *answers) {
    struct server server = service_start(answers, NULL);
    struct ran *ran = ctl_run("doctor", NULL);
    server_stop(&server);
    return ran;
}

static const char *const WELL[] = {HEALTH("ok"), READY, ME, BEARER("bad_token"), NULL};

static void what_is_well_is_left_alone(void **state) {
    (void)state;
    struct store *store = NULL;
    struct fault fault;
    char now[TIME_ISO_SIZE];
    const struct fleet_runner runner = {
        .name = "keeper", .slots = 2, .containment = "pid_namespace"};
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    assert_int_equal(store_new(private_redis_url(redis, ""), 1000, &store, &fault), ERR_OK);
    time_iso_utc(time_wall_us(), now);
    assert_int_equal(fleet_store_beat(store, &runner, ROLE_BIT(ROLE_PERFORMANCE), now), ERR_OK);
    struct ran *ran = doctor_for(WELL);
    assert_int_equal(ran->status, 0);
    assert_null(strstr(ran->out, "FAIL"));
    assert_non_null(strstr(ran->out, "can run: performance\n"));
    assert_non_null(strstr(ran->out, "end with its PID namespace (runners: 1)\n"));
    assert_true(ends_with(ran->out, "\nall is well\n"));
    assert_int_equal(fleet_store_leave(store, "keeper"), ERR_OK);
    store_free(store);
}

static void a_runner_that_is_not_there_is_named(void **state) {
    (void)state;
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    struct ran *ran = doctor_for(WELL);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->out, "FAIL  runner"));
    assert_non_null(strstr(ran->out, "start agnostic-runner"));
}

/* --- who else may read or change what ----------------------------------------------------------
 */

static char folder[] = "/tmp/agnostic-doctor-XXXXXX", file[64];

static int make_files(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof(file), "%s/agnostic.conf", folder);
    close(open(file, O_WRONLY | O_CREAT, 0600));
    chmod(folder, 0755);
    setenv("AGNOSTIC_CONFIG", file, 1);
    setenv("AGNOSTIC_RUN_DIR", folder, 1);
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    return 0;
}

static int remove_files(void **state) {
    unsetenv("AGNOSTIC_RUN_DIR");
    unlink(file);
    rmdir(folder);
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    return ctl_set_up(state);
}

static void files_of_the_service_that_are_closed_are_well(void **unused) {
    (void)unused;
    struct ran *ran = doctor_for(WELL);
    assert_non_null(strstr(ran->out, "agnostic.conf is closed to others (mode 0600)"));
    assert_null(strstr(ran->out, "FAIL  settings"));
    assert_null(strstr(ran->out, "FAIL  run folder"));
}

static void files_that_others_may_change_are_named(void **unused) {
    (void)unused;
    chmod(file, 0620);
    assert_non_null(strstr(doctor_for(WELL)->out, "FAIL  settings"));
    chmod(file, 0600);
    chmod(folder, 0777);
    assert_non_null(strstr(doctor_for(WELL)->out, "FAIL  run folder"));
}

static void a_folder_that_others_cannot_reach_is_well_whatever_its_mode(void **unused) {
    (void)unused;
    char inner[64];
    snprintf(inner, sizeof(inner), "%s/run", folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    chmod(inner, 0777);
    setenv("AGNOSTIC_RUN_DIR", inner, 1);
    assert_non_null(strstr(doctor_for(WELL)->out, "FAIL  run folder"));
    chmod(folder, 0700);
    assert_null(strstr(doctor_for(WELL)->out, "FAIL  run folder"));
    rmdir(inner);
}

static void a_redis_that_every_user_may_use_is_named(void **unused) {
    (void)unused;
    char socket_path[128], around[128];
    assert_int_equal(sscanf(private_redis_url(redis, ""), "unix://%120[^?]", socket_path), 1);
    snprintf(around, sizeof(around), "%.*s", (int)(strrchr(socket_path, '/') - socket_path),
             socket_path);
    chmod(socket_path, 0777);
    assert_non_null(strstr(doctor_for(WELL)->out, "ok    redis socket"));
    chmod(around, 0755);
    assert_non_null(strstr(doctor_for(WELL)->out, "FAIL  redis socket"));
    chmod(socket_path, 0770);
    assert_null(strstr(doctor_for(WELL)->out, "FAIL  redis socket"));
    chmod(around, 0700);
}

#define FILES_TEST(name) cmocka_unit_test_setup_teardown(name, make_files, remove_files)

static void a_redis_that_may_lose_tasks_is_named(void **state) {
    (void)state;
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    private_redis_ask(redis, "CONFIG SET maxmemory-policy allkeys-lru");
    struct ran *ran = doctor_for(WELL);
    private_redis_ask(redis, "CONFIG SET maxmemory-policy noeviction");
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->out, "maxmemory_policy: "));
    assert_non_null(strstr(ran->out, "noeviction"));
}

static void a_redis_out_of_reach_from_here_is_no_fault_of_the_service(void **state) {
    (void)state;
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    struct ran *ran = doctor_for(WELL);
    assert_int_equal(ran->status, 0);
    assert_non_null(strstr(ran->out, "note  redis here"));
}

static void every_fault_between_here_and_the_service_is_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *answers[5];
        const char *says;
    } faults[] = {
        {{"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n", NULL}, "start agnostic-api"},
        {{"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", NULL}, "pass /health, /ready"},
        {{"not http", NULL}, "does not speak HTTP"},
        {{HEALTH("error"), READY, ME, BEARER("bad_token"), NULL}, "FAIL  its Redis"},
        {{HEALTH("ok"),
          HTTP("503 X", "", "{\"aof\":\"error\",\"reasons\":{\"aof\":\"appendonly is no\"}}"), ME,
          BEARER("bad_token"), NULL},
         "appendonly is no"},
        {{HEALTH("ok"), READY, HTTP("401 X", "", "{\"detail\":\"Invalid API key\"}"),
          BEARER("bad_token"), NULL},
         "AGNOSTIC_API_KEY is not accepted: Invalid API key"},
        {{HEALTH("ok"), READY, ME, BEARER("no_credential"), NULL},
         "keeps the Authorization header"},
    };
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct ran *ran = doctor_for(faults[i].answers);
        assert_int_equal(ran->status, 1);
        assert_non_null(strstr(ran->out, faults[i].says));
        assert_non_null(strstr(ran->out, "to mend: "));
    }
}

static void what_lies_behind_a_dead_service_is_not_guessed_at(void **state) {
    (void)state;
    static const char *const answers[] = {HTTP("503 X", "", "{\"detail\":\"unavailable\"}"), NULL};
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    struct ran *ran = doctor_for(answers);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->out, "FAIL  agnostic-api"));
    assert_non_null(strstr(ran->out, "note  key"));
    assert_non_null(strstr(ran->out, "note  authorization"));
}

static void what_lies_behind_a_dead_redis_is_not_guessed_at(void **state) {
    (void)state;
    static const char *const answers[] = {
        HEALTH("error"),
        HTTP("503 X", "",
             "{\"redis\":\"error\",\"runner\":\"error\",\"reasons\":{\"redis\":\"gone\"}}"),
        ME, BEARER("bad_token"), NULL};
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    struct ran *ran = doctor_for(answers);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->out, "FAIL  redis "));
    assert_null(strstr(ran->out, "FAIL  runner"));
    assert_non_null(strstr(ran->out, "note  runner"));
}

static void a_web_server_that_is_not_there_is_named(void **state) {
    (void)state;
    uint16_t port;
    close(server_listen(&port));
    struct server nobody = {.port = port};
    setenv("AGNOSTIC_URL", server_url(&nobody, "http", "127.0.0.1", ""), 1);
    struct ran *ran = ctl_run("doctor", NULL);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->out, "FAIL  web server"));
    assert_non_null(strstr(ran->out, "start the web server"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_well_is_left_alone),
        cmocka_unit_test(a_runner_that_is_not_there_is_named),
        FILES_TEST(files_of_the_service_that_are_closed_are_well),
        FILES_TEST(files_that_others_may_change_are_named),
        FILES_TEST(a_folder_that_others_cannot_reach_is_well_whatever_its_mode),
        FILES_TEST(a_redis_that_every_user_may_use_is_named),
        cmocka_unit_test(a_redis_that_may_lose_tasks_is_named),
        cmocka_unit_test(a_redis_out_of_reach_from_here_is_no_fault_of_the_service),
        cmocka_unit_test(every_fault_between_here_and_the_service_is_told_apart),
        cmocka_unit_test(what_lies_behind_a_dead_service_is_not_guessed_at),
        cmocka_unit_test(what_lies_behind_a_dead_redis_is_not_guessed_at),
        cmocka_unit_test(a_web_server_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, start_redis, stop_redis);
}

/* Goal: keys are made, listed and taken back, over REST and without a service, and a new key can
 * be captured without a word beside it. */
#include "ctl/ctl_kit.h"

#include <fcntl.h>

#include "agnostic/auth/apikey.h"
#include "store/private_redis.h"

static struct private_redis *redis;

static int start_redis(void **state) {
    redis = private_redis_start(NULL);
    ctl_set_up(state);
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    return 0;
}

static int stop_redis(void **state) {
    (void)state;
    private_redis_stop(redis);
    return 0;
}

static void a_fresh_key_stands_alone_on_stdout(void **state) {
    (void)state;
    static const char *const answers[] = {
        HTTP("200 OK", "",
             "{\"key_id\":\"1a2b3c4d\",\"api_key\":\"agn_x\",\"role\":\"qa_engineer\"}"),
        NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("key", "create", "--role", "qa_engineer", "--description", "CI",
                              "--expires-at", "2099-01-01T00:00:00Z", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "agn_x\n");
    assert_non_null(strstr(ran->err, "1a2b3c4d (qa_engineer)"));
    assert_non_null(strstr(script->last_request, "POST /api/auth/api-keys HTTP/1.1\r\n"));
    assert_non_null(strstr(script->last_request, "{\"description\":\"CI\",\"role\":\"qa_engineer\","
                                                 "\"expires_at\":\"2099-01-01T00:00:00Z\"}"));
}

static void keys_are_listed_one_a_line(void **state) {
    (void)state;
    static const char *const answers[] = {
        HTTP("200 OK", "",
             "{\"api_keys\":[{\"key_id\":\"1a2b3c4d\",\"role\":\"api_user\","
             "\"status\":\"active\",\"created_at\":\"2026-01-01T00:00:00\","
             "\"description\":\"shop\\u001b[31m\"}]}"),
        NULL};
    struct server server = service_start(answers, NULL);
    struct ran *ran = ctl_run("key", "list", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_true(text_starts(text_of(ran->out), TEXT("ID ")));
    assert_non_null(strstr(ran->out, "\n1a2b3c4d  api_user     active   2026-01-01T00:00:00"));
    assert_non_null(strstr(ran->out, "shop?[31m\n"));
}

static void a_key_is_revoked_by_its_id(void **state) {
    (void)state;
    static const char *const answers[] = {
        HTTP("200 OK", "", "{\"status\":\"revoked\",\"key_id\":\"1a2b3c4d\"}"),
        HTTP("404 Not Found", "", "{\"detail\":\"API key not found\"}"), NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    assert_int_equal(ctl_run("key", "revoke", "1a2b3c4d", NULL)->status, 0);
    assert_non_null(
        strstr(script->last_request, "DELETE /api/auth/api-keys/1a2b3c4d HTTP/1.1\r\n"));
    struct ran *ran = ctl_run("key", "revoke", "1a2b3c4d", NULL);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->err, "API key not found"));
    server_stop(&server);
}

static void a_key_made_without_a_service_is_a_correct_one(void **state) {
    (void)state;
    char key[APIKEY_SIZE], hash[SECURE_HEX_SIZE], id[APIKEY_ID_SIZE] = "";
    struct ran *ran = ctl_run("key", "create", "--local", "--role", "super_admin", "--description",
                              "first", NULL);
    assert_int_equal(ran->status, 0);
    assert_true(text_copy(text_trim(text_of(ran->out)), key, sizeof(key)));
    assert_true(apikey_is_plausible(text_of(key)));
    assert_int_equal(secure_sha256_hex(text_of(key), hash), ERR_OK);
    memcpy(id, hash, sizeof(id) - 1);

    struct apikey_record record;
    assert_int_equal(
        apikey_record_read(text_of(private_redis_ask(redis, "GET api_key:%s", hash)), &record),
        ERR_OK);
    assert_string_equal(record.key_id, id);
    assert_string_equal(record.role, "super_admin");
    assert_string_equal(record.description, "first");
    assert_true(principal_may(&record.principal, PERM_SYSTEM_CONFIGURE));
    apikey_record_done(&record);
    assert_string_equal(private_redis_ask(redis, "GET api_key_id:%s", id), hash);

    assert_non_null(strstr(ctl_run("key", "list", "--local", NULL)->out, id));
    assert_int_equal(ctl_run("key", "revoke", "--local", id, NULL)->status, 0);
    assert_string_equal(private_redis_ask(redis, "EXISTS api_key:%s", hash), "0");
    assert_int_equal(ctl_run("key", "revoke", "--local", id, NULL)->status, 1);
}

static void the_rules_for_keys_hold_without_a_service_too(void **state) {
    (void)state;
    static const char *const wrong[][2] = {{"--role", "emperor"},
                                           {"--expires-at", "2001-01-01T00:00:00Z"},
                                           {"--expires-at", "soon"},
                                           {"--description", "\xff"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct ran *ran = ctl_run("key", "create", "--local", wrong[i][0], wrong[i][1], NULL);
        assert_int_equal(ran->status, 64);
        assert_string_equal(ran->out, "");
    }
}

static void a_redis_that_is_away_is_said_to_be(void **state) {
    (void)state;
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    struct ran *ran = ctl_run("key", "create", "--local", NULL);
    assert_int_equal(ran->status, 3);
    assert_string_equal(ran->out, "");
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
}

static void output_that_could_not_be_written_is_no_success(void **state) {
    (void)state;
    static const char *const answers[] = {HTTP("200 OK", "", "{\"api_keys\":[]}"), NULL};
    static const char *argv[] = {"agnosticctl", "key", "list", NULL};
    struct server server = service_start(answers, NULL);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
        _exit(dispatch_run(3, (char **)argv));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    server_stop(&server);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), err_exit(ERR_IO));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_that_could_not_be_written_is_no_success),
        cmocka_unit_test(a_fresh_key_stands_alone_on_stdout),
        cmocka_unit_test(keys_are_listed_one_a_line),
        cmocka_unit_test(a_key_is_revoked_by_its_id),
        cmocka_unit_test(a_key_made_without_a_service_is_a_correct_one),
        cmocka_unit_test(the_rules_for_keys_hold_without_a_service_too),
        cmocka_unit_test(a_redis_that_is_away_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, start_redis, stop_redis);
}

/* Waiting for a task, and its history: answered when something happens, never for long, never by
 * too many. */
#include "agnostic/store/task_store.h"
#include "web/board.h"
#include "web/prefer.h"
#include "web/service.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"

static char id[64];

/* --- a pool to be a worker of --------------------------------------------------------------- */

enum { COLLEAGUES = 4 }; /* with us five workers: one may wait */
static pid_t colleagues[COLLEAGUES];

static pid_t hire(bool waits) {
    int joined[2];
    char word = 'n';
    assert_int_equal(pipe(joined), 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        board_join(service_board, 0);
        word = !waits || board_wait_begin(service_board) ? 'y' : 'n';
        (void)!write(joined[1], &word, 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(joined[0], &word, 1), 1);
    assert_int_equal(word, 'y');
    close(joined[0]);
    close(joined[1]);
    return pid;
}

static void dismiss(pid_t pid) {
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int begin(void **unused) {
    for (size_t i = 0; i < COLLEAGUES; i++)
        colleagues[i] = hire(false);
    return service_fresh(unused);
}

static int end(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COLLEAGUES; i++)
        dismiss(colleagues[i]);
    return 0;
}
#undef SERVICE_TEST
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void submit(void) {
    assert_int_equal(
        service_operator("POST", "/api/tasks", "{\"title\":\"t\",\"description\":\"d\"}"), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

static int get(const char *tail) {
    char uri[256];
    snprintf(uri, sizeof(uri), "/api/tasks/%s%s", id, tail);
    return service_operator("GET", uri, NULL);
}

static struct store *open_store(void) {
    struct store *store = NULL;
    struct fault fault;
    assert_int_equal(store_new(private_redis_url(redis, ""), 5000, &store, &fault), ERR_OK);
    return store;
}

/* A slot takes the task, and ends it when told to. */
static void run(bool ends) {
    struct store *store = open_store();
    struct task_claim held;
    assert_int_equal(task_store_claim(store, "slot", 60000, &held), ERR_OK);
    if (ends)
        assert_int_equal(task_store_finish(store, &held, TASK_COMPLETED, TEXT("null"), NULL),
                         ERR_OK);
    task_claim_done(&held);
    store_free(store);
}

/* The same by another process, in a moment. */
static pid_t run_soon(bool ends) {
    pid_t pid = fork();
    if (pid == 0) {
        time_sleep_ms(200);
        run(ends);
        _exit(0);
    }
    return pid;
}

static void joined(pid_t pid) {
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* --- waiting for a task --------------------------------------------------------------------- */

static void a_waiting_poll_is_answered_when_the_task_ends(void **unused) {
    (void)unused;
    submit();
    pid_t pid = run_soon(true);
    int64_t before_ms = time_mono_ms();
    assert_int_equal(get("?wait=30"), 200);
    assert_string_equal(service_str("status"), "completed");
    assert_true(time_mono_ms() - before_ms < 25000);
    assert_null(service_field("Retry-After"));
    joined(pid);
}

static void with_a_tag_the_first_change_is_told(void **unused) {
    (void)unused;
    char tag[64];
    submit();
    assert_int_equal(get(""), 200);
    (void)text_copy(text_of(service_field("ETag")), tag, sizeof(tag));
    pid_t pid = run_soon(false);
    service_param("HTTP_IF_NONE_MATCH=%s", tag);
    service_param("HTTP_PREFER=respond-async, Wait = \"30\"; x=1");
    assert_int_equal(get(""), 200);
    assert_string_equal(service_str("status"), "running");
    assert_string_equal(service_field("Preference-Applied"), "wait=30");
    joined(pid);
    service_param("HTTP_IF_NONE_MATCH=%s", tag); /* it has changed already */
    assert_int_equal(get("?wait=30"), 200);
}

static void without_a_change_the_time_runs_out(void **unused) {
    (void)unused;
    char tag[64];
    submit();
    assert_int_equal(get("?wait=1"), 200);
    assert_string_equal(service_str("status"), "pending");
    assert_string_equal(service_field("Retry-After"), "1");
    assert_null(service_field("Preference-Applied"));
    (void)text_copy(text_of(service_field("ETag")), tag, sizeof(tag));
    service_param("HTTP_IF_NONE_MATCH=%s", tag);
    assert_int_equal(get("?wait=1"), 304);
}

static void a_change_without_an_event_is_seen_too(void **unused) {
    (void)unused;
    submit();
    private_redis_ask(redis, "DEL task:%s:events", id);
    private_redis_ask(redis, "SET task:%s:events damaged", id);
    assert_int_equal(get("?wait=1"), 500);
    private_redis_ask(redis, "DEL task:%s:events", id);
    pid_t pid = fork();
    if (pid == 0) {
        time_sleep_ms(200);
        run(true);
        private_redis_ask(redis, "DEL task:%s:events", id);
        _exit(0);
    }
    assert_int_equal(get("?wait=30"), 200);
    assert_string_equal(service_str("status"), "completed");
    joined(pid);
}

static void only_so_many_wait_and_the_others_are_answered_at_once(void **unused) {
    (void)unused;
    submit();
    pid_t holder = hire(true);
    int64_t before_ms = time_mono_ms();
    service_param("HTTP_PREFER=wait=30");
    assert_int_equal(get(""), 200);
    assert_true(time_mono_ms() - before_ms < 25000);
    assert_null(service_field("Preference-Applied"));
    assert_string_equal(service_field("Retry-After"), "2");
    dismiss(holder);
    service_param("HTTP_PREFER=wait=1"); /* the place of a dead worker is free */
    assert_int_equal(get(""), 200);
    assert_string_equal(service_field("Preference-Applied"), "wait=1");
    assert_int_equal(board_waiting(service_board), 0);
}

static void small_pools_do_not_wait(void **unused) {
    (void)unused;
    submit();
    for (size_t i = 0; i < COLLEAGUES; i++)
        dismiss(colleagues[i]);
    int64_t before_ms = time_mono_ms();
    assert_int_equal(get("?wait=30"), 200);
    assert_true(time_mono_ms() - before_ms < 25000);
    for (size_t i = 0; i < COLLEAGUES; i++)
        colleagues[i] = hire(false);
}

static void who_is_told_to_stop_waits_no_longer(void **unused) {
    (void)unused;
    sigset_t term, before;
    submit();
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &before);
    raise(SIGTERM);
    int64_t before_ms = time_mono_ms();
    assert_int_equal(get("?wait=30"), 200);
    assert_true(time_mono_ms() - before_ms < 25000);
    assert_int_equal(sigtimedwait(&term, NULL, &(struct timespec){0}), SIGTERM);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void what_is_no_time_to_wait_is_refused(void **unused) {
    (void)unused;
    static const char *const BAD[] = {
        "?wait=x", "?wait=-1", "?wait=", "/events?wait=1.5", "/events?limit=0", "/events?after=x"};
    submit();
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_int_equal(get(BAD[i]), 422);
    assert_int_equal(get("?wait=0"), 200);
    service_param("HTTP_PREFER=wait=soon");
    assert_int_equal(get(""), 200);
    assert_null(service_field("Preference-Applied"));
}

static void a_preference_is_found_among_others(void **unused) {
    (void)unused;
    static const struct {
        const char *field;
        int64_t seconds; /* -1: none */
    } ROWS[] = {
        {"wait=5", 5},
        {"WAIT=5", 5},
        {"a, wait=5;b=c, d", 5},
        {"wait=x, wait=7", 7},
        {"wait=\"5\"", 5},
        {"", -1},
        {"wait", -1},
        {"wait=", -1},
        {"await=5", -1},
        {"wait=-5", -1},
        {"wait=\"", -1},
        {",;,=,wait=1", 1},
        {"x;wait=5", -1},
        {"wait=99999999999", -1},
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        int64_t seconds = -1;
        assert_int_equal(prefer_wait(text_of(ROWS[i].field), &seconds), ROWS[i].seconds >= 0);
        assert_int_equal(seconds, ROWS[i].seconds);
    }
}

/* --- history -------------------------------------------------------------------------------- */

static const struct json *item(size_t index) {
    return json_at(json_get(service_json(), "items"), index);
}

static void the_history_is_told_in_order_and_goes_on(void **unused) {
    (void)unused;
    char tail[128];
    submit();
    run(true);
    assert_int_equal(get("/events?limit=2"), 200);
    assert_int_equal(json_count(json_get(service_json(), "items")), 2);
    assert_string_equal(str_at(item(0), "event"), "pending");
    assert_string_equal(str_at(item(1), "event"), "running");
    assert_int_equal(int_at(item(1), "attempt"), 1);
    assert_string_equal(str_at(item(1), "slot"), "slot");
    assert_int_equal(strlen(str_at(item(1), "at")) > 20, 1);
    assert_string_equal(str_at(item(1), "id"), service_str("next"));
    assert_false(json_bool(json_get(service_json(), "ended"), true));
    snprintf(tail, sizeof(tail), "/events?after=%s", service_str("next"));
    assert_int_equal(get(tail), 200);
    assert_string_equal(str_at(item(0), "event"), "completed");
    assert_true(json_bool(json_get(service_json(), "ended"), false));
    service_param("HTTP_LAST_EVENT_ID=%s", strchr(tail, '=') + 1);
    assert_int_equal(get("/events"), 200);
    assert_string_equal(str_at(item(0), "event"), "completed");
    service_param("HTTP_LAST_EVENT_ID=x y");
    assert_int_equal(get("/events"), 400);
}

static void one_may_wait_for_the_next_event(void **unused) {
    (void)unused;
    char tail[128];
    submit();
    assert_int_equal(get("/events"), 200);
    snprintf(tail, sizeof(tail), "/events?wait=30&after=%s", service_str("next"));
    pid_t pid = run_soon(false);
    assert_int_equal(get(tail), 200);
    assert_string_equal(str_at(item(0), "event"), "running");
    joined(pid);
}

static void the_history_of_what_ended_is_not_waited_for(void **unused) {
    (void)unused;
    char tail[128];
    submit();
    run(true);
    assert_int_equal(get("/events"), 200);
    snprintf(tail, sizeof(tail), "/events?wait=30&after=%s", service_str("next"));
    int64_t before_ms = time_mono_ms();
    assert_int_equal(get(tail), 200);
    assert_true(time_mono_ms() - before_ms < 25000);
    assert_int_equal(json_count(json_get(service_json(), "items")), 0);
    assert_true(json_bool(json_get(service_json(), "ended"), false));
}

static void hostile_fields_cannot_pass_for_ours(void **unused) {
    (void)unused;
    submit();
    private_redis_ask(redis, "XADD task:%s:events * ev x id 1 at 2 event 3 attempt many z \xff\x01",
                      id);
    assert_int_equal(get("/events"), 200);
    assert_string_equal(str_at(item(1), "event"), "x");
    assert_string_equal(str_at(item(1), "attempt"), "many");
    assert_int_equal(json_count(item(1)), 5);
}

static void unknown_tasks_have_no_history(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/tasks/abc/events", NULL), 404);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_waiting_poll_is_answered_when_the_task_ends),
        SERVICE_TEST(with_a_tag_the_first_change_is_told),
        SERVICE_TEST(without_a_change_the_time_runs_out),
        SERVICE_TEST(a_change_without_an_event_is_seen_too),
        SERVICE_TEST(only_so_many_wait_and_the_others_are_answered_at_once),
        SERVICE_TEST(small_pools_do_not_wait),
        SERVICE_TEST(who_is_told_to_stop_waits_no_longer),
        SERVICE_TEST(what_is_no_time_to_wait_is_refused),
        SERVICE_TEST(a_preference_is_found_among_others),
        SERVICE_TEST(the_history_is_told_in_order_and_goes_on),
        SERVICE_TEST(one_may_wait_for_the_next_event),
        SERVICE_TEST(the_history_of_what_ended_is_not_waited_for),
        SERVICE_TEST(hostile_fields_cannot_pass_for_ours),
        SERVICE_TEST(unknown_tasks_have_no_history),
    };
    return SERVICE_RUN(tests);
}

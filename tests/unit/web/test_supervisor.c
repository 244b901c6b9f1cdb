/* The supervisor: workers are replaced, reloaded, drained, and never outlive it. */
#include "web/fastcgi.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, PATIENCE = 2000, STEP_US = 10000 };

#define USUAL "AGNOSTIC_API_KEY=operator-static-key-0001\n"

static pid_t super, workers[64];

static size_t look(void) {
    return fastcgi_children(super, workers, 64);
}

/* Waits until there are so many workers. */
static void assert_workers(size_t count) {
    for (int i = 0; look() != count; i++) {
        if (i == PATIENCE)
            fail_msg("%zu workers, expected %zu", look(), count);
        usleep(STEP_US);
    }
}

static bool is_worker(pid_t pid) {
    size_t count = look();
    for (size_t i = 0; i < count; i++)
        if (workers[i] == pid)
            return true;
    return false;
}

static void assert_leaves(pid_t pid) {
    for (int i = 0; is_worker(pid); i++) {
        if (i == PATIENCE)
            fail_msg("worker %d stays", pid);
        usleep(STEP_US);
    }
}

static int serve(void **unused) {
    (void)unused;
    super = fastcgi_serve(WORKERS, USUAL);
    assert_workers(WORKERS);
    return 0;
}

static int stop(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_get("/health"), 200);
    assert_int_equal(fastcgi_stop(), 0);
    return 0;
}

/* A request of which the last byte is still to come; some worker has it in hand. */
static int half_a_request(void) {
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", "/api/tasks", "2");
    fastcgi_body(fd, "{", 1);
    usleep(50000);
    return fd;
}

static int the_rest_of(int fd) {
    fastcgi_body(fd, "}", 1);
    fastcgi_end(fd);
    return fastcgi_status(fd);
}

static void a_dead_worker_is_replaced(void **unused) {
    (void)unused;
    for (int i = 0; i < 4; i++) {
        pid_t victim = workers[i % WORKERS];
        kill(victim, SIGKILL);
        assert_leaves(victim);
        assert_workers(WORKERS);
    }
}

static void a_recycled_worker_is_replaced_and_nothing_lost(void **unused) {
    (void)unused;
    fastcgi_settings(USUAL "AGNOSTIC_RECYCLE_REQUESTS=10\n");
    kill(super, SIGHUP);
    for (int i = 0; i < 100; i++)
        assert_int_equal(fastcgi_get("/health"), 200);
}

static void a_reload_replaces_all_workers_and_finishes_what_is_in_hand(void **unused) {
    (void)unused;
    pid_t before[WORKERS] = {workers[0], workers[1]};
    int fd = half_a_request();
    fastcgi_settings(USUAL "AGNOSTIC_BODY_MAX_BYTES=1024\n");
    kill(super, SIGHUP);
    assert_workers(WORKERS + 1); /* the busy one is still there */
    static char body[2001];
    memset(body, ' ', 2000);
    assert_int_equal(fastcgi_post("/api/tasks", "2000", body), 413); /* the new setting */
    assert_int_equal(the_rest_of(fd), 401);
    assert_workers(WORKERS);
    assert_false(is_worker(before[0]) || is_worker(before[1]));
}

static void a_reload_with_bad_settings_changes_nothing(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"AGNOSTIC_BODY_MAX_BYTES=many\n", "NO_SUCH_SETTING=1\n",
                                      "CORS_ALLOWED_ORIGINS=*\n",
                                      "AGNOSTIC_WEBHOOK_ALLOW=10.0.0.0/99\n"};
    pid_t before[WORKERS] = {workers[0], workers[1]};
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        fastcgi_settings(BAD[i]);
        kill(super, SIGHUP);
        usleep(50000);
        assert_int_equal(look(), WORKERS);
        assert_true(is_worker(before[0]) && is_worker(before[1]));
    }
}

static void stopping_answers_what_is_in_hand(void **unused) {
    (void)unused;
    super = fastcgi_serve(WORKERS, USUAL);
    assert_workers(WORKERS);
    int fd = half_a_request();
    kill(super, SIGTERM);
    assert_workers(1);
    assert_int_equal(the_rest_of(fd), 401);
    assert_int_equal(fastcgi_wait(), 0);
}

static void stopping_kills_what_does_not_end(void **unused) {
    (void)unused;
    super = fastcgi_serve(WORKERS, USUAL "AGNOSTIC_DRAIN_MS=100\n");
    assert_workers(WORKERS);
    int fd = half_a_request();
    assert_int_equal(fastcgi_stop(), 0);
    assert_int_equal(fastcgi_status(fd), 0);
}

static void workers_do_not_outlive_their_supervisor(void **unused) {
    (void)unused;
    super = fastcgi_serve(WORKERS, USUAL);
    assert_workers(WORKERS);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that they can be waited for here */
    kill(super, SIGKILL);
    assert_int_equal(fastcgi_wait(), -SIGKILL);
    for (size_t i = 0; i < WORKERS; i++)
        assert_int_equal(waitpid(workers[i], NULL, 0), workers[i]);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

#define SUPERVISOR_TEST(name) cmocka_unit_test_setup_teardown(name, serve, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        SUPERVISOR_TEST(a_dead_worker_is_replaced),
        SUPERVISOR_TEST(a_recycled_worker_is_replaced_and_nothing_lost),
        SUPERVISOR_TEST(a_reload_replaces_all_workers_and_finishes_what_is_in_hand),
        SUPERVISOR_TEST(a_reload_with_bad_settings_changes_nothing),
        cmocka_unit_test(stopping_answers_what_is_in_hand),
        cmocka_unit_test(stopping_kills_what_does_not_end),
        cmocka_unit_test(workers_do_not_outlive_their_supervisor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

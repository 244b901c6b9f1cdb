/* The transport: what web servers do, what none should, and a worker that survives it all. */
#include "web/fastcgi.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define USUAL "AGNOSTIC_API_KEY=operator-static-key-0001\n"
#define IMPATIENT USUAL "AGNOSTIC_IO_TIMEOUT_MS=100\n"

static int serve(void **unused) {
    (void)unused;
    fastcgi_serve(0, USUAL);
    return 0;
}

static int serve_impatiently(void **unused) {
    (void)unused;
    fastcgi_serve(0, IMPATIENT);
    return 0;
}

/* Whatever happened, the worker still answers and ends well. */
static int still_serves(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_get("/health"), 200);
    assert_int_equal(fastcgi_stop(), 0);
    return 0;
}

static void a_request_is_answered_and_its_connection_closed(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_get("/health"), 200);
    assert_int_equal(fastcgi_get("/nothing"), 404);
    assert_int_equal(fastcgi_post("/api/tasks", "2", "{}"), 401);
}

static void an_idle_connection_is_not_kept_although_asked_for(void **unused) {
    (void)unused;
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, FASTCGI_KEEP, "GET", "/health", NULL);
    fastcgi_end(fd);
    assert_int_equal(fastcgi_status(fd), 200); /* reads to the end of the connection */
}

static void a_body_is_counted_against_its_length(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_post("/api/tasks", "3", "{}"), 400);
    assert_int_equal(fastcgi_post("/api/tasks", "50", "{}"), 400);
    assert_int_equal(fastcgi_post("/api/tasks", "1", "{}"), 400);
    assert_int_equal(fastcgi_post("/api/tasks", NULL, "{}"), 400);
    assert_int_equal(fastcgi_post("/api/tasks", "0", "{}"), 400);
}

static void a_length_that_is_no_number_is_refused(void **unused) {
    (void)unused;
    static const char *const BAD[] = {
        "+2", "-2", " 2", "2 ", "0x2", "2.0", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_int_equal(fastcgi_post("/api/tasks", BAD[i], "{}"), 400);
}

static void an_empty_length_is_no_body(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_post("/api/tasks", "", ""), 401);
    assert_int_equal(fastcgi_post("/api/tasks", "0", ""), 401);
    assert_int_equal(fastcgi_post("/api/tasks", NULL, ""), 401);
}

static void a_body_nobody_wants_is_read_to_its_end(void **unused) {
    (void)unused;
    static char large[900000];
    memset(large, 'a', sizeof(large) - 1);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(fastcgi_post("/nothing", "899999", large), 404);
        assert_int_equal(fastcgi_post("/api/tasks", "899999", large), 413);
        assert_int_equal(fastcgi_post("/api/auth/me", "899999", large), 405);
    }
}

static void another_role_than_responder_gets_no_answer(void **unused) {
    (void)unused;
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_AUTHORIZER, 0, "GET", "/health", NULL);
    fastcgi_end(fd);
    assert_int_equal(fastcgi_status(fd), 0);
}

static void what_is_not_fastcgi_is_dropped(void **unused) {
    (void)unused;
    int fd = fastcgi_connect();
    (void)send(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, MSG_NOSIGNAL);
    assert_int_equal(fastcgi_status(fd), 0);
}

static void a_peer_that_leaves_at_once_does_no_harm(void **unused) {
    (void)unused;
    for (int i = 0; i < 20; i++) {
        close(fastcgi_connect());
        int fd = fastcgi_connect();
        fastcgi_head(fd, FASTCGI_RESPONDER, 0, "GET", "/api/metrics", NULL);
        fastcgi_end(fd);
        close(fd);
    }
}

/* --- silence --------------------------------------------------------------------------------- */

static void silence_before_the_request_ends_the_connection(void **unused) {
    (void)unused;
    assert_int_equal(fastcgi_status(fastcgi_connect()), 0);
}

static void silence_in_the_parameters_ends_the_connection(void **unused) {
    (void)unused;
    int fd = fastcgi_connect();
    (void)send(fd, "\1\1\0\1", 4, MSG_NOSIGNAL);
    assert_int_equal(fastcgi_status(fd), 0);
}

static void silence_in_the_body_is_a_body_too_short(void **unused) {
    (void)unused;
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", "/api/tasks", "50");
    fastcgi_body(fd, "{\"title\":", 9);
    assert_int_equal(fastcgi_status(fd), 400);
}

/* --- a pause of our own: a machine that was suspended, an operator with a debugger ---------------
 */

static void pause_and_go_on(pid_t worker) {
    usleep(50000); /* let it begin to read */
    kill(worker, SIGSTOP);
    usleep(50000);
    kill(worker, SIGCONT);
    usleep(50000);
}

static void a_pause_in_mid_body_costs_nothing(void **unused) {
    (void)unused;
    pid_t worker = fastcgi_serve(0, USUAL);
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", "/api/tasks", "31");
    fastcgi_body(fd, "{\"title\":", 9);
    pause_and_go_on(worker);
    fastcgi_body(fd, "\"t\",\"description\":\"d\"}", 22);
    fastcgi_end(fd);
    assert_int_equal(fastcgi_status(fd), 401); /* the JSON came whole; the credential did not */
}

static void a_pause_in_the_parameters_costs_nothing(void **unused) {
    (void)unused;
    pid_t worker = fastcgi_serve(0, USUAL);
    int fd = fastcgi_connect();
    (void)send(fd, "\1\1\0\1", 4, MSG_NOSIGNAL);
    pause_and_go_on(worker);
    (void)send(fd, "\0\10\0\0\0\1\0\0\0\0\0\0", 12, MSG_NOSIGNAL);
    fastcgi_params(fd, "GET", "/health", NULL);
    fastcgi_end(fd);
    assert_int_equal(fastcgi_status(fd), 200);
}

/* What came while the worker itself slept longer than it would wait is no silence of the peer's. */
static void a_pause_longer_than_the_patience_is_not_the_peers(void **unused) {
    (void)unused;
    pid_t worker = fastcgi_serve(0, IMPATIENT);
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", "/api/tasks", "31");
    fastcgi_body(fd, "{\"title\":", 9);
    usleep(20000);
    kill(worker, SIGSTOP);
    fastcgi_body(fd, "\"t\",\"description\":\"d\"}", 22);
    fastcgi_end(fd);
    usleep(300000);
    kill(worker, SIGCONT);
    assert_int_equal(fastcgi_status(fd), 401);
}

/* --- stopping -------------------------------------------------------------------------------- */

static void a_stop_in_mid_body_waits_for_the_answer(void **unused) {
    (void)unused;
    pid_t worker = fastcgi_serve(0, USUAL);
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", "/api/tasks", "31");
    fastcgi_body(fd, "{\"title\":", 9);
    usleep(50000); /* let it begin to read */
    kill(worker, SIGTERM);
    usleep(50000);
    fastcgi_body(fd, "\"t\",\"description\":\"d\"}", 22);
    fastcgi_end(fd);
    assert_int_equal(fastcgi_status(fd), 401); /* the JSON came whole; the credential did not */
    assert_int_equal(fastcgi_wait(), 0);
}

static void an_idle_worker_stops_at_every_stop_signal(void **unused) {
    (void)unused;
    static const int STOPS[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    for (size_t i = 0; i < sizeof(STOPS) / sizeof(STOPS[0]); i++) {
        pid_t worker = fastcgi_serve(0, USUAL);
        assert_int_equal(fastcgi_get("/health"), 200);
        kill(worker, STOPS[i]);
        assert_int_equal(fastcgi_wait(), 0);
    }
}

static void a_worker_ends_by_itself_after_about_so_many_requests(void **unused) {
    (void)unused;
    fastcgi_serve(0, USUAL "AGNOSTIC_RECYCLE_REQUESTS=20\n");
    for (int i = 0; i < 18; i++)
        assert_int_equal(fastcgi_get("/health"), 200);
    int more = 0;
    int fds[8];
    for (int i = 0; i < 8; i++) { /* queued before it leaves: the last ones are never taken */
        fds[i] = fastcgi_connect();
        fastcgi_head(fds[i], FASTCGI_RESPONDER, 0, "GET", "/health", NULL);
        fastcgi_end(fds[i]);
    }
    assert_int_equal(fastcgi_wait(), 0);
    for (int i = 0; i < 8; i++)
        more += fastcgi_status(fds[i]) == 200;
    assert_true(more <= 4);
}

#define FCGI_TEST(name) cmocka_unit_test_setup_teardown(name, serve, still_serves)
#define SILENCE_TEST(name) cmocka_unit_test_setup_teardown(name, serve_impatiently, still_serves)

int main(void) {
    const struct CMUnitTest tests[] = {
        FCGI_TEST(a_request_is_answered_and_its_connection_closed),
        FCGI_TEST(an_idle_connection_is_not_kept_although_asked_for),
        FCGI_TEST(a_body_is_counted_against_its_length),
        FCGI_TEST(a_length_that_is_no_number_is_refused),
        FCGI_TEST(an_empty_length_is_no_body),
        FCGI_TEST(a_body_nobody_wants_is_read_to_its_end),
        FCGI_TEST(another_role_than_responder_gets_no_answer),
        FCGI_TEST(what_is_not_fastcgi_is_dropped),
        FCGI_TEST(a_peer_that_leaves_at_once_does_no_harm),
        SILENCE_TEST(silence_before_the_request_ends_the_connection),
        SILENCE_TEST(silence_in_the_parameters_ends_the_connection),
        SILENCE_TEST(silence_in_the_body_is_a_body_too_short),
        cmocka_unit_test_teardown(a_pause_in_mid_body_costs_nothing, still_serves),
        cmocka_unit_test_teardown(a_pause_in_the_parameters_costs_nothing, still_serves),
        cmocka_unit_test_teardown(a_pause_longer_than_the_patience_is_not_the_peers, still_serves),
        cmocka_unit_test(a_stop_in_mid_body_waits_for_the_answer),
        cmocka_unit_test(an_idle_worker_stops_at_every_stop_signal),
        cmocka_unit_test(a_worker_ends_by_itself_after_about_so_many_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

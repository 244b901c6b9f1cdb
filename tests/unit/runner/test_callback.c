/* Callbacks: the keeper sends the record once to who asked for it, signed; what becomes of that
 * never touches the task. */
#include "runner/daemon.h"

#include "probe/server.h"
#include "runner/webhook.h"

enum { HEARD_MAX = 8192 };

/* What the receiver was sent, shared with it. */
struct heard {
    int status; /* what it answers */
    char bytes[HEARD_MAX];
};
static struct heard *heard;

/* Reads one request to the end of its body, keeps it, answers. */
static void receive(int fd, const void *ctx) {
    struct heard *h = *(struct heard *const *)ctx;
    size_t len = 0;
    ssize_t n;
    char answer[128];
    while (len < HEARD_MAX - 1 && (n = read(fd, h->bytes + len, HEARD_MAX - 1 - len)) > 0) {
        len += (size_t)n;
        h->bytes[len] = '\0';
        const char *body = strstr(h->bytes, "\r\n\r\n"), *length = strstr(h->bytes, "ength: ");
        if (body && length && strlen(body + 4) >= (size_t)strtol(length + 7, NULL, 10)) {
            break;
        }
    }
    len = (size_t)snprintf(answer, sizeof(answer),
                           "HTTP/1.1 %d X\r\nLocation: /again\r\nContent-Length: 0\r\n"
                           "Connection: close\r\n\r\n",
                           h->status);
    n = write(fd, answer, len);
    (void)n;
}

static struct server receiver(int status) {
    heard = mmap(NULL, sizeof(*heard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    heard->status = status;
    return server_start(receive, &heard);
}

static void order_with_callback(const char *id, uint16_t port, const char *secret) {
    char body[512];
    snprintf(body, sizeof(body),
             "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"qa-analyst\"],"
             "\"callback_url\":\"http://127.0.0.1:%u/hook\"%s%s%s}",
             port, secret ? ",\"callback_secret\":\"" : "", secret ? secret : "",
             secret ? "\"" : "");
    order(id, body, LONG_MS);
}

static pid_t start_allowing(uint16_t port) {
    char setting[64];
    snprintf(setting, sizeof(setting), "AGNOSTIC_WEBHOOK_ALLOW=127.0.0.1:%u", port);
    return START(setting);
}

static bool is_told(const char *id) {
    return strcmp(ask("HGET wh:%s why", id), "(nil)") != 0;
}

/* --- signing ------------------------------------------------------------------------ */

static void signature_is_hmac_sha256_in_hex(void **state_) {
    (void)state_;
    char signature[WEBHOOK_SIGNATURE_SIZE];
    /* RFC 4231, test case 2. */
    assert_int_equal(webhook_sign(TEXT("Jefe"), TEXT("what do ya want for nothing?"), signature),
                     ERR_OK);
    assert_string_equal(signature, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b9"
                                   "64ec3843");
}

/* --- sending ------------------------------------------------------------------------ */

static void record_is_posted_with_its_signature(void **state_) {
    (void)state_;
    char signature[WEBHOOK_SIGNATURE_SIZE];
    struct server server = receiver(204);
    plugin("qa-analyst", "", DONE);
    order_with_callback("hook", server.port, "a secret");
    pid_t runner = start_allowing(server.port);
    assert_status("hook", "completed");
    assert_true(becomes(is_told, "hook"));
    const char *body = strstr(heard->bytes, "\r\n\r\n");
    assert_non_null(body);
    assert_string_equal(body + 4, ask("GET task:hook"));
    webhook_sign(TEXT("a secret"), text_of(body + 4), signature);
    assert_non_null(strstr(heard->bytes, signature));
    assert_non_null(strstr(heard->bytes, "POST /hook HTTP/1.1\r\n"));
    assert_non_null(strstr(heard->bytes, "X-Signature: sha256="));
    assert_non_null(strstr(heard->bytes, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(heard->bytes, "User-Agent: agnostic/"));
    stop_runner(runner);
    server_stop(&server);
}

static void without_secret_there_is_no_signature(void **state_) {
    (void)state_;
    struct server server = receiver(200);
    plugin("qa-analyst", "", DONE);
    order_with_callback("bare", server.port, NULL);
    pid_t runner = start_allowing(server.port);
    assert_true(becomes(is_told, "bare"));
    assert_null(strstr(heard->bytes, "X-Signature"));
    stop_runner(runner);
    server_stop(&server);
}

static void failed_task_is_told_too(void **state_) {
    (void)state_;
    struct server server = receiver(200);
    plugin("qa-analyst", "", "sleep 60");
    order_with_callback("fail", server.port, NULL);
    ask("HSET task:fail:meta run_timeout_ms 300");
    pid_t runner = start_allowing(server.port);
    assert_true(becomes(is_told, "fail"));
    assert_non_null(strstr(heard->bytes, "\"status\":\"failed\""));
    stop_runner(runner);
    server_stop(&server);
}

static void redirect_is_not_followed(void **state_) {
    (void)state_;
    struct server server = receiver(302);
    plugin("qa-analyst", "", DONE);
    order_with_callback("redirect", server.port, NULL);
    pid_t runner = start_allowing(server.port);
    assert_true(becomes(is_told, "redirect"));
    assert_int_equal(server_connections(&server), 1);
    assert_string_equal(state("redirect"), "completed");
    stop_runner(runner);
    server_stop(&server);
}

static void receiver_that_is_not_allowed_is_never_connected_to(void **state_) {
    (void)state_;
    struct server server = receiver(200);
    plugin("qa-analyst", "", DONE);
    order_with_callback("blocked", server.port, NULL);
    pid_t runner = START_PLAIN();
    assert_true(becomes(is_told, "blocked"));
    assert_int_equal(server_connections(&server), 0);
    assert_non_null(strstr(ask("HGETALL wh:blocked"), "blocked"));
    assert_string_equal(state("blocked"), "completed");
    stop_runner(runner);
    server_stop(&server);
}

/* Says nothing for longer than any test waits. */
static void hang(int fd, const void *ctx) {
    (void)ctx;
    char byte;
    while (read(fd, &byte, 1) > 0) {
    }
}

static bool is_taken_up_again(const char *id) {
    return strcmp(ask("HGET task:%s:meta attempt", id), "2") == 0;
}

static void lose_the_slot_of(const char *id) {
    assert_true(becomes(is_running, id));
    ask("HSET task:%s:meta slot gone token gone", id);
    ask("ZADD q:lease XX 1 %s", id);
}

static void receiver_that_hangs_keeps_nobody_waiting(void **state_) {
    (void)state_;
    struct server server = server_start(hang, NULL);
    plugin("qa-analyst", "", DONE);
    order_with_callback("hung", server.port, NULL);
    pid_t runner = start_allowing(server.port);
    assert_status("hung", "completed");
    plugin("qa-analyst", "", "sleep 94231");
    order("lost", ANALYST, LONG_MS);
    lose_the_slot_of("lost");
    assert_true(becomes(is_taken_up_again, "lost"));
    assert_false(is_told("hung"));
    kill(runner, SIGTERM);
    usleep(200000); /* two that come together are one */
    stop_runner(runner);
    server_stop(&server);
}

static void drain_sends_what_is_due_before_it_leaves(void **state_) {
    (void)state_;
    char setting[64];
    const char *const args[] = {"--drain", NULL};
    struct server server = receiver(200);
    snprintf(setting, sizeof(setting), "AGNOSTIC_WEBHOOK_ALLOW=127.0.0.1:%u", server.port);
    const char *const settings[] = {setting, NULL};
    plugin("qa-analyst", "", DONE);
    order_with_callback("last", server.port, NULL);
    assert_int_equal(end_of(start_runner_with(args, settings)), 0);
    assert_int_equal(server_connections(&server), 1);
    assert_true(is_told("last"));
    server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(signature_is_hmac_sha256_in_hex),
        TEST(record_is_posted_with_its_signature),
        TEST(without_secret_there_is_no_signature),
        TEST(failed_task_is_told_too),
        TEST(redirect_is_not_followed),
        TEST(receiver_that_is_not_allowed_is_never_connected_to),
        TEST(receiver_that_hangs_keeps_nobody_waiting),
        TEST(drain_sends_what_is_due_before_it_leaves),
    };
    return RUN_DAEMON(tests);
}

/* Answers to claims get lost on the way: the slot gives back what it never heard of, and no
 * innocent task is buried for it. */
#include "runner/daemon.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { PAIRS_MAX = 32, LOST_CLAIMS = 3 };

/* --- a road between runner and Redis on which answers get lost ------------------------ */

/* How many more answers to claims are swallowed, with their connection. */
static atomic_int *to_swallow;

static struct sockaddr_un address_of(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    return address;
}

static int connect_to(const char *path) {
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

/* A claim that found something answers with eight values, the first of them "ok". */
static bool is_claimed(const char *bytes, ssize_t len) {
    static const char START[] = "*8\r\n$2\r\nok\r\n";
    return len > (ssize_t)sizeof(START) && memcmp(bytes, START, sizeof(START) - 1) == 0;
}

/* Moves what has come; false: this pair is over. */
static bool move(int from, int to, bool from_redis) {
    char bytes[65536];
    ssize_t n = read(from, bytes, sizeof(bytes));
    if (n <= 0) {
        return false;
    }
    if (from_redis && is_claimed(bytes, n) && atomic_load(to_swallow) > 0) {
        atomic_fetch_sub(to_swallow, 1);
        return false;
    }
    return write(to, bytes, (size_t)n) == n;
}

static _Noreturn void be_road(int listening, const char *redis_path) {
    struct pollfd fds[1 + 2 * PAIRS_MAX] = {{.fd = listening, .events = POLLIN}};
    for (size_t i = 1; i < sizeof(fds) / sizeof(fds[0]); i++) {
        fds[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    }
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        poll(fds, sizeof(fds) / sizeof(fds[0]), -1);
        for (size_t i = 1; i < sizeof(fds) / sizeof(fds[0]); i += 2) {
            bool open = fds[i].fd >= 0;
            bool good = open && (!fds[i].revents || move(fds[i].fd, fds[i + 1].fd, false)) &&
                        (!fds[i + 1].revents || move(fds[i + 1].fd, fds[i].fd, true));
            if (open && !good) {
                close(fds[i].fd);
                close(fds[i + 1].fd);
                fds[i].fd = fds[i + 1].fd = -1;
            } else if (!open && fds[0].revents) {
                fds[i].fd = accept(listening, NULL, NULL);
                fds[i + 1].fd = connect_to(redis_path);
                fds[0].revents = 0;
            }
        }
    }
}

static pid_t road;
static char road_path[96];

static void open_road(void) {
    pid_t parent = getpid();
    const char *url = private_redis_url(redis, "");
    snprintf(road_path, sizeof(road_path), "%s/road", run_dir);
    struct sockaddr_un address = address_of(road_path);
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listening, PAIRS_MAX), 0);
    to_swallow =
        mmap(NULL, sizeof(*to_swallow), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(to_swallow != MAP_FAILED);
    road = fork();
    if (road == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
        be_road(listening, url + strlen("unix://"));
    }
    close(listening);
}

static void close_road(void) {
    kill(road, SIGKILL);
    waitpid(road, NULL, 0);
    unlink(road_path);
    munmap(to_swallow, sizeof(*to_swallow));
}

/* --- what comes of it ------------------------------------------------------------------ */

static void lost_answers_to_claims_bury_no_task(void **state_) {
    (void)state_;
    char setting[128];
    const char *const args[] = {"--slots", "1", NULL};
    const char *const settings[] = {setting, "AGNOSTIC_LEASE_MS=60000", "AGNOSTIC_LOG_LEVEL=error",
                                    NULL};
    open_road();
    snprintf(setting, sizeof(setting), "AGNOSTIC_REDIS_URL=unix://%s", road_path);
    plugin("qa-analyst", "", DONE);
    atomic_store(to_swallow, LOST_CLAIMS);
    order("unheard", ANALYST, LONG_MS);
    pid_t runner = start_runner_with(args, settings);
    assert_status("unheard", "completed");
    assert_int_equal(atomic_load(to_swallow), 0);
    assert_string_equal(ask("HGET task:unheard:meta attempt"), "1");
    assert_string_equal(ask("HGET task:unheard:meta crashes"), "(nil)");
    stop_runner(runner);
    close_road();
}

/* Redis stands still for longer than a slot waits for its answers, then carries out what it was
 * asked. */
static void claims_that_redis_carried_out_too_late_are_given_back(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", DONE);
    pid_t runner = START("AGNOSTIC_REDIS_TIMEOUT_MS=100", "AGNOSTIC_LEASE_MS=60000");
    for (int i = 0; i < 3; i++) {
        char id[16];
        snprintf(id, sizeof(id), "late-%d", i);
        ask("SET q:paused 1");
        order(id, ANALYST, LONG_MS);
        ask("DEL q:paused");
        kill(private_redis_pid(redis), SIGSTOP);
        usleep(1500000);
        kill(private_redis_pid(redis), SIGCONT);
        assert_status(id, "completed");
        assert_string_equal(ask("HGET task:%s:meta attempt", id), "1");
    }
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(lost_answers_to_claims_bury_no_task),
        TEST(claims_that_redis_carried_out_too_late_are_given_back),
    };
    return RUN_DAEMON(tests);
}

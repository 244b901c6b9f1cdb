/* Redis behind a slow line, and peers that are no Redis: no answer is taken for another, none
 * believed that is none. */
#include "store/kit.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 64), 0);
    return listener;
}

/* --- a line that is slow -------------------------------------------------------------- */

enum { DELAY_MAX_US = 12000, HASTE_MS = 6, CHUNK = 4096 };

/* Carries what comes on from to to; false when that ended. */
static bool carry(int from, int to, unsigned delay_us) {
    char bytes[CHUNK];
    ssize_t len = read(from, bytes, sizeof bytes);
    usleep(delay_us);
    return len > 0 && write(to, bytes, (size_t)len) == len;
}

/* One connection through to Redis; each answer comes after up to DELAY_MAX_US. */
static _Noreturn void dawdle(int client, const char *redis_path, unsigned seed) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", redis_path);
    signal(SIGPIPE, SIG_IGN);
    if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        _exit(1);
    }
    for (;;) {
        struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
        if (poll(ends, 2, -1) < 1 || (ends[0].revents != 0 && !carry(client, server, 0)) ||
            (ends[1].revents != 0 &&
             !carry(server, client, (unsigned)rand_r(&seed) % DELAY_MAX_US))) {
            _exit(0);
        }
    }
}

static pid_t start_dawdler(const char *path, const char *redis_path) {
    int listener = listen_at(path);
    pid_t pid = fork();
    if (pid != 0) {
        close(listener);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    for (unsigned n = 1;; n++) {
        int client = accept(listener, NULL, NULL);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            dawdle(client, redis_path, n);
        }
        close(client);
    }
}

static struct access_answer look(struct store *from, const char *digest, enum err *ret_err) {
    struct access_query query = {.kind = ACCESS_API_KEY};
    struct access_answer answer = {0};
    snprintf(query.digest, sizeof query.digest, "%s", digest);
    *ret_err = access_store_find(from, &query, &answer);
    return answer;
}

/* Each question has an answer of its own; how many came in time. */
static size_t ask_in_haste(struct store *hasty, size_t count) {
    size_t answered = 0;
    for (size_t n = 0; n < count; n++) {
        char key[16];
        enum err err;
        snprintf(key, sizeof key, "%zu", n % 100);
        struct access_answer answer = look(hasty, key, &err);
        assert_true(err == ERR_OK || err == ERR_STORE);
        if (err == ERR_OK) {
            assert_string_equal(answer.value, key);
            answered++;
        }
        access_answer_done(&answer);
    }
    return answered;
}

static void no_answer_of_a_slow_redis_belongs_to_another_question(void **state_) {
    (void)state_;
    const char *dose = getenv("AGNOSTIC_TEST_DOSE");
    size_t count = dose != NULL && strcmp(dose, "full") == 0 ? 10000 : 400;
    char folder[] = "/tmp/agnostic-slow-XXXXXX", path[64], url[96];
    struct store *hasty = NULL;
    for (int n = 0; n < 100; n++) {
        ask("SET api_key:%d %d", n, n);
    }
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s", folder);
    snprintf(url, sizeof url, "unix://%s", path);
    pid_t dawdler = start_dawdler(path, private_redis_url(redis, "") + strlen("unix://"));
    assert_int_equal(store_new(url, HASTE_MS, &hasty, NULL), ERR_OK);
    size_t answered = ask_in_haste(hasty, count);
    store_free(hasty);
    kill(dawdler, SIGKILL);
    waitpid(dawdler, NULL, 0);
    unlink(path);
    rmdir(folder);
    assert_in_range(answered, count / 20, count - count / 20); /* it was slow, and answered */
}

/* --- a peer that is not Redis --------------------------------------------------------- */

/* Answers connection after connection with the next of bytes (NULL-terminated), then closes it. */
static pid_t serve(const char *path, const char *const *bytes) {
    int listener = listen_at(path);
    pid_t pid = fork();
    if (pid != 0) {
        close(listener);
        return pid;
    }
    for (; *bytes != NULL; bytes++) {
        char request[CHUNK];
        int peer = accept(listener, NULL, NULL);
        if (read(peer, request, sizeof request) > 0 && write(peer, *bytes, strlen(*bytes)) < 0) {
            _exit(1);
        }
        close(peer);
    }
    _exit(0);
}

/* What store_ping says to a peer that answers so. */
static enum err ping_to(const char *const *bytes) {
    char folder[] = "/tmp/agnostic-peer-XXXXXX", path[64], url[96];
    struct store *asker = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s", folder);
    snprintf(url, sizeof url, "unix://%s", path);
    pid_t pid = serve(path, bytes);
    assert_int_equal(store_new(url, 1000, &asker, NULL), ERR_OK);
    enum err err = store_ping(asker, 0);
    store_free(asker);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    unlink(path);
    rmdir(folder);
    return err;
}

static void only_what_a_replica_refused_is_asked_again(void **state_) {
    (void)state_;
    static const char PONG[] = "+PONG\r\n";
    static const struct row {
        const char *first;
        enum err err;
    } ROWS[] = {{"-READONLY You can't write against a read only replica.\r\n", ERR_OK},
                {"-MASTERDOWN Link with MASTER is down\r\n", ERR_OK},
                {"-NOREPLICAS Not enough good replicas to write.\r\n", ERR_STORE},
                {"-BUSY Redis is busy\r\n", ERR_STORE},
                {"-NOAUTH Authentication required.\r\n", ERR_STORE},
                {"-OOM command not allowed\r\n", ERR_STORE_FULL},
                {"$5\r\nhal", ERR_STORE}, /* broken off: it may have been done */
                {"", ERR_STORE}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const char *const bytes[] = {ROWS[i].first, PONG, NULL};
        assert_int_equal(ping_to(bytes), ROWS[i].err);
    }
    const char *const twice[] = {ROWS[0].first, ROWS[0].first, PONG, NULL};
    assert_int_equal(ping_to(twice), ERR_STORE);
}

static void hostile_bytes_are_an_error_and_nothing_else(void **state_) {
    (void)state_;
    static const char *const BYTES[] = {
        "",
        "garbage\r\n",
        "$-7\r\nx\r\n",
        "$5\r\nab",
        ":\r\n",
        "*2\r\n$1\r\na",
        "+OK\r\n",
        ":12\r\n",
        "*0\r\n",
        "*-1\r\n",
        "$-1\r\n",
        "*3\r\n$2\r\nok\r\n:1\r\n:1\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
        "-\r\n",
        "-ERR\r\n",
        "*1\r\n$2\r\nok\r\n",
    };
    char path[] = "/tmp/agnostic-peer-XXXXXX", url[96];
    assert_non_null(mkdtemp(path));
    char socket[64];
    snprintf(socket, sizeof socket, "%s/s", path);
    snprintf(url, sizeof url, "unix://%s", socket);
    for (size_t i = 0; i < sizeof BYTES / sizeof BYTES[0]; i++) {
        struct store *fooled = NULL;
        struct fault fault;
        struct task_claim held = {0};
        const char *const bytes[] = {BYTES[i], NULL};
        pid_t pid = serve(socket, bytes);
        assert_int_equal(store_new(url, 200, &fooled, &fault), ERR_OK);
        assert_int_not_equal(task_store_claim(fooled, "slot", 1000, &held), ERR_OK);
        store_free(fooled);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    unlink(socket);
    rmdir(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(no_answer_of_a_slow_redis_belongs_to_another_question),
        TEST(only_what_a_replica_refused_is_asked_again),
        TEST(hostile_bytes_are_an_error_and_nothing_else),
    };
    return RUN(tests);
}

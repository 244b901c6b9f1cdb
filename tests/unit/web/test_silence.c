/* The wait for a silent peer ends; the wait for one that speaks, or that nobody watches, does not.
 */
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web/silence.h"

enum { LIMIT_MS = 50, US = 1000 };

static int pair[2]; /* ours, the peer's */

static int connect_pair(void **unused) {
    (void)unused;
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
}

static int part(void **unused) {
    (void)unused;
    silence_rest();
    close(pair[0]);
    close(pair[1]);
    return 0;
}

/* A peer that says `word` after that long. */
static pid_t peer_says(const char *word, int after_ms) {
    pid_t pid = fork();
    if (pid == 0) {
        usleep((useconds_t)after_ms * US);
        _exit(write(pair[1], word, strlen(word)) == (ssize_t)strlen(word) ? 0 : 1);
    }
    return pid;
}

static void reading_from_a_silent_peer_ends(void **unused) {
    char c;
    (void)unused;
    silence_watch(pair[0], SILENCE_READING);
    assert_int_equal(read(pair[0], &c, 1), 0);
}

static void writing_to_a_peer_that_does_not_read_ends(void **unused) {
    static const char much[1 << 20];
    (void)unused;
    silence_watch(pair[0], SILENCE_WRITING);
    ssize_t wrote = write(pair[0], much, sizeof(much));
    assert_true(wrote < (ssize_t)sizeof(much));
    assert_int_equal(write(pair[0], much, sizeof(much)), -1);
}

/* As after a pause of our own: the alarm was due long ago, and then the word is there. */
static void what_came_meanwhile_is_no_silence(void **unused) {
    char word[8] = "";
    (void)unused;
    assert_int_equal(write(pair[1], "in time", 7), 7);
    silence_watch(pair[0], SILENCE_READING);
    usleep(2 * LIMIT_MS * US);
    assert_int_equal(write(pair[1], "!", 1), 1); /* the connection is whole */
    assert_int_equal(read(pair[0], word, sizeof(word)), 8);
    assert_int_equal(read(pair[0], word, sizeof(word)), 0); /* but the watch goes on */
}

static void where_nobody_watches_patience_has_no_end(void **unused) {
    char word[8] = "";
    (void)unused;
    silence_watch(pair[0], SILENCE_READING);
    silence_rest();
    pid_t peer = peer_says("at last", 4 * LIMIT_MS);
    assert_int_equal(read(pair[0], word, sizeof(word)), 7);
    waitpid(peer, NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading_from_a_silent_peer_ends, connect_pair, part),
        cmocka_unit_test_setup_teardown(writing_to_a_peer_that_does_not_read_ends, connect_pair,
                                        part),
        cmocka_unit_test_setup_teardown(what_came_meanwhile_is_no_silence, connect_pair, part),
        cmocka_unit_test_setup_teardown(where_nobody_watches_patience_has_no_end, connect_pair,
                                        part),
    };
    signal(SIGPIPE, SIG_IGN);
    if (silence_open(LIMIT_MS) != ERR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

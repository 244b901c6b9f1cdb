/* A slot that was stopped beyond its lease and goes on: its result is refused, and that of the
 * attempt that took its place stands. */
#include "runner/daemon.h"

#include <fcntl.h>
#include <stdlib.h>

/* Slots stopped in all and at a time; the figure with AGNOSTIC_TEST_DOSE=full. */
enum { ZOMBIES = 4, ZOMBIES_FULL = 50, AT_A_TIME = 5 };

static int zombies_wanted(void) {
    const char *dose = getenv("AGNOSTIC_TEST_DOSE");
    return dose && strcmp(dose, "full") == 0 ? ZOMBIES_FULL : ZOMBIES;
}

static char go[96];

/* The first attempt is done while its slot stands still; the second waits for our word, so that it
 * runs when the slot goes on. */
static void plugin_of_two_attempts(void) {
    char script[1024];
    snprintf(go, sizeof(go), "%s/go", run_dir);
    snprintf(script, sizeof(script),
             "read -r task; n=second\n"
             "case $task in *'\"attempt\":1,'*) sleep 0.5; n=first ;;\n"
             "*) until [ -e %s ]; do sleep 0.02; done ;; esac\n"
             "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"'$n'\"}'",
             go);
    plugin("qa-analyst", "", script);
}

static bool runs_again(const char *id) {
    return strcmp(ask("HGET task:%s:meta attempt", id), "2") == 0 && is_running(id);
}

static long fenced_wanted;

static bool is_fenced(const char *unused) {
    (void)unused;
    return strtol(ask("HGET q:stats fenced"), NULL, 10) >= fenced_wanted;
}

static void stop_and_continue(int first, int count) {
    char ids[AT_A_TIME][16];
    pid_t slots[AT_A_TIME];
    unlink(go);
    for (int i = 0; i < count; i++) {
        snprintf(ids[i], sizeof(ids[i]), "z-%d", first + i);
        order(ids[i], ANALYST, LONG_MS);
    }
    for (int i = 0; i < count; i++) {
        assert_true(becomes(is_running, ids[i]));
        slots[i] = slot_of(ids[i]);
        assert_int_equal(kill(slots[i], SIGSTOP), 0);
    }
    for (int i = 0; i < count; i++) {
        assert_true(becomes(runs_again, ids[i]));
    }
    usleep(500000); /* the first attempts' agents end meanwhile */
    fenced_wanted = strtol(ask("HGET q:stats fenced"), NULL, 10);
    fenced_wanted = fenced_wanted < 0 ? count : fenced_wanted + count;
    for (int i = 0; i < count; i++) {
        kill(slots[i], SIGCONT);
    }
    assert_true(becomes(is_fenced, ""));
    for (int i = 0; i < count; i++) {
        assert_string_equal(state(ids[i]), "running");
    }
    close(open(go, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    for (int i = 0; i < count; i++) {
        assert_result(ids[i], "agent_results.qa-analyst.summary", "second");
        assert_status(ids[i], "completed");
    }
}

static void result_of_a_slot_that_was_stopped_beyond_its_lease_is_refused(void **state_) {
    (void)state_;
    const char *const args[] = {"--slots", "10", NULL};
    const char *const settings[] = {"AGNOSTIC_LEASE_MS=400", "AGNOSTIC_BEAT_MS=200", NULL};
    plugin_of_two_attempts();
    pid_t runner = start_runner_with(args, settings);
    for (int done = 0; done < zombies_wanted(); done += AT_A_TIME) {
        int left = zombies_wanted() - done;
        stop_and_continue(done, left < AT_A_TIME ? left : AT_A_TIME);
    }
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(result_of_a_slot_that_was_stopped_beyond_its_lease_is_refused),
    };
    return RUN_DAEMON(tests);
}

/* A cancelled task stays cancelled whatever its slot was just doing, and nothing of it lives on:
 * against agents that fork twice, make sessions and ignore TERM. */
#include "runner/daemon.h"

#include <dirent.h>
#include <stdlib.h>

#include "agnostic/base/time.h"
#include "runner/processes.h"

/* Tasks cancelled; the issue's figure with AGNOSTIC_TEST_DOSE=full. */
enum { CANCELS = 12, CANCELS_FULL = 200, GONE_WITHIN_MS = 6000, MOMENT_MAX_MS = 600 };

static bool is_full_dose(void) {
    const char *dose = getenv("AGNOSTIC_TEST_DOSE");
    return dose && strcmp(dose, "full") == 0;
}

/* Bears "doomed-<task id>" among its arguments, and so does all that it leaves behind. Every third
 * task ends by itself about when it is cancelled. */
static void hostile_plugin(void) {
    plugin("qa-analyst", "",
           "read -r task; id=${task#*'\"task_id\":\"'}; id=${id%%'\"'*}\n"
           "(setsid sh -c 'trap \"\" TERM HUP INT; (sleep 999; :) & sleep 999; :' doomed-$id &)\n"
           "case $id in *[147]) sleep 0.3; " DONE "; exit 0 ;; esac\n"
           "trap '' TERM HUP INT\n"
           "sh -c 'trap \"\" TERM; sleep 999; :' doomed-$id\n");
}

static bool no_work_folder_is_left(const char *unused) {
    (void)unused;
    DIR *folder = opendir(run_dir);
    struct dirent *entry;
    bool none = true;
    while ((entry = readdir(folder))) {
        none = none && strncmp(entry->d_name, "work-", 5) != 0;
    }
    closedir(folder);
    return none;
}

/* Cancels at a random moment of its life; whether it came before the task's own end. */
static bool cancel_sometime(const char *id, unsigned *seed) {
    enum task_state was;
    order(id, ANALYST, LONG_MS);
    usleep(1000U * ((unsigned)rand_r(seed) % MOMENT_MAX_MS));
    enum err err = task_store_cancel(store, id, &was);
    assert_true(err == ERR_OK || (err == ERR_CONFLICT && was == TASK_COMPLETED));
    return err == ERR_OK;
}

static bool nothing_doomed_lives(const char *unused) {
    (void)unused;
    return count_processes("doomed-") == 0;
}

static void nothing_of_a_cancelled_task_lives_on(void **state_) {
    (void)state_;
    static char cancelled[CANCELS_FULL][16];
    const char *const args[] = {"--slots", "4", NULL};
    const int wanted = is_full_dose() ? CANCELS_FULL : CANCELS;
    unsigned seed = (unsigned)time_wall_us(), first = seed;
    hostile_plugin();
    pid_t runner = start_runner_with(args, NULL);
    int count = 0;
    for (int i = 0; count < wanted; i++) {
        snprintf(cancelled[count], sizeof(cancelled[count]), "c-%d", i);
        count += cancel_sometime(cancelled[count], &seed);
    }
    int64_t limit = time_mono_ms() + GONE_WITHIN_MS;
    while (!nothing_doomed_lives("") && time_mono_ms() < limit) {
        usleep(20000);
    }
    if (!nothing_doomed_lives("")) {
        fail_msg("%zu processes live on; seed %u", count_processes("doomed-"), first);
    }
    assert_true(becomes(no_work_folder_is_left, ""));
    stop_runner(runner);
    for (int i = 0; i < count; i++) {
        if (strcmp(status(cancelled[i]), "cancelled") != 0) {
            fail_msg("%s came back as %s; seed %u", cancelled[i], status(cancelled[i]), first);
        }
    }
    assert_says("0", "ZCARD q:lease");
}

static bool has_a_log(const char *id) {
    return strcmp(ask("EXISTS task:%s:log", id), "1") == 0;
}

/* The beat is late, the log is told, nothing is said any more: only a look can see it. */
static void cancel_is_seen_long_before_the_next_beat(void **state_) {
    (void)state_;
    enum task_state was;
    plugin("qa-analyst", "", "sleep 94231; " DONE);
    order("early", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_LEASE_MS=600000", "AGNOSTIC_BEAT_MS=300000");
    assert_true(appears("94231"));
    assert_true(becomes(has_a_log, "early"));
    assert_int_equal(task_store_cancel(store, "early", &was), ERR_OK);
    assert_true(disappears("94231"));
    stop_runner(runner);
    assert_string_equal(status("early"), "cancelled");
}

static void slot_goes_on_with_the_next_task_after_a_cancel(void **state_) {
    (void)state_;
    enum task_state was;
    const char *const args[] = {"--slots", "1", NULL};
    plugin("qa-analyst", "",
           "read -r task; case $task in *next*) " DONE " ;; *) sleep 94232 ;; esac");
    order("first", ANALYST, LONG_MS);
    pid_t runner = start_runner_with(args, NULL);
    assert_true(appears("94232"));
    order("next", ANALYST, LONG_MS);
    assert_int_equal(task_store_cancel(store, "first", &was), ERR_OK);
    assert_status("next", "completed");
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_of_a_cancelled_task_lives_on),
        TEST(cancel_is_seen_long_before_the_next_beat),
        TEST(slot_goes_on_with_the_next_task_after_a_cancel),
    };
    return RUN_DAEMON(tests);
}

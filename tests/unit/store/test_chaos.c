/* Slots are killed at any moment, in the middle of a call too: each task still ends exactly once.
 */
#include "store/kit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"

enum {
    TASKS = 60,
    SLOTS = 4, /* the first is the one that is stopped, the others are killed */
    KILLS = 40,
    WORK_MS = 20,
    LEASE_MS = 200,
    ROUND_MS = 10,
    ROUNDS_MAX = 3000,
    STOP_ROUND = 5,
    CONTINUE_ROUND = 60
};

/* A slot: claims, works a little, finishes, for ever. */
static pid_t start_slot(void) {
    static int number;
    char name[32];
    struct task_claim held;
    snprintf(name, sizeof name, "slot-%d", number++);
    pid_t pid = fork();
    while (pid == 0) {
        if (task_store_claim(store, name, LEASE_MS, &held) == ERR_OK) {
            time_sleep_ms(WORK_MS);
            task_store_beat(store, &held, LEASE_MS, TEXT("{}"));
            task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"));
            task_claim_done(&held);
        } else {
            time_sleep_ms(5);
        }
    }
    return pid;
}

static void stop_slot(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static bool everything_ended(void) {
    return strcmp(ask("EXISTS open:ann"), "0") == 0;
}

/* Terminal entries in the history of a task. */
static int endings(const char *id) {
    int count = 0;
    const char *history = ask("XRANGE task:%s:events - +", id);
    for (const char *at = history; (at = strstr(at, "ev ")) != NULL; at++) {
        count += strncmp(at, "ev completed", 12) == 0 || strncmp(at, "ev failed", 9) == 0;
    }
    return count;
}

static void disturb(pid_t *slots, int round) {
    int victim = 1 + round % (SLOTS - 1);
    if (round < KILLS) {
        stop_slot(slots[victim]);
        slots[victim] = start_slot();
    }
    if (round == STOP_ROUND) {
        kill(slots[0], SIGSTOP);
    }
    if (round == CONTINUE_ROUND) {
        kill(slots[0], SIGCONT);
        time_sleep_ms(WORK_MS * 2); /* it finishes what is no longer its own */
    }
}

static void killed_slots_neither_lose_nor_double_a_task(void **state_) {
    (void)state_;
    char id[16];
    pid_t slots[SLOTS];
    for (int i = 0; i < TASKS; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
    }
    for (int i = 0; i < SLOTS; i++) {
        slots[i] = start_slot();
    }
    for (int i = 0; i < ROUNDS_MAX && (i <= CONTINUE_ROUND || !everything_ended()); i++) {
        time_sleep_ms(ROUND_MS);
        repair(i % 10 == 0);
        disturb(slots, i);
    }
    bool ended = everything_ended();
    for (int i = 0; i < SLOTS; i++) {
        stop_slot(slots[i]);
    }
    assert_true(ended);
    for (int i = 0; i < TASKS; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        assert_int_equal(endings(id), 1);
        assert_string_equal(status(id), state(id));
    }
    assert_says("0", "EXISTS q:lease q:delayed q:ready:medium");
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(killed_slots_neither_lose_nor_double_a_task)};
    return RUN(tests);
}

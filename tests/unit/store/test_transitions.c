/* Every script against every state, as tests/data/states.tsv has it. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

static struct task_claim held; /* the last claim on task "t" */

static void reach_pending(void) {
    submit("t");
    held = claim("slot");
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK); /* its token is void now */
}

static void reach_running(void) {
    submit("t");
    held = claim("slot");
}

static void reach_completed(void) {
    reach_running();
    finish(&held);
}

static void reach_failed(void) {
    reach_running();
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("{}"), NULL), ERR_OK);
}

/* While its id is still in a list. */
static void reach_cancelled(void) {
    enum task_state was;
    reach_pending();
    assert_int_equal(task_store_cancel(store, "t", &was), ERR_OK);
}

static void do_claim(void) {
    struct task_claim got = {0};
    if (strcmp(ask("LLEN q:ready:medium"), "0") == 0) {
        ask("LPUSH q:ready:medium t");
    }
    task_store_claim(store, "other", KIT_LEASE_MS, &got);
    task_claim_done(&got);
}

static void do_complete(void) {
    task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"), NULL);
}

static void do_fail(void) {
    task_store_finish(store, &held, TASK_FAILED, TEXT("{}"), NULL);
}

static void do_retry(void) {
    task_store_retry(store, &held, 1000, TEXT("{}"));
}

static void do_reap(void) {
    ask("ZADD q:lease 1 t");
    repair(false);
}

static void do_bury(void) {
    ask("HSET task:t:meta crashes %d", TASK_STORE_CRASHES_MAX - 1);
    do_reap();
}

static void do_hand_back(void) {
    task_store_hand_back(store, &held);
}

static void do_cancel(void) {
    enum task_state was;
    task_store_cancel(store, "t", &was);
}

static void do_expire(void) {
    ask("HSET task:t:meta expire_ms 1");
    ask("ZADD q:expiry 1 t");
    repair(false);
}

static const struct deed {
    const char *word;
    void (*act)(void);
} STATES[] = {{"pending", reach_pending},
              {"running", reach_running},
              {"completed", reach_completed},
              {"failed", reach_failed},
              {"cancelled", reach_cancelled}},
  EVENTS[] = {{"claim", do_claim},         {"complete", do_complete}, {"fail", do_fail},
              {"retry", do_retry},         {"reap", do_reap},         {"bury", do_bury},
              {"hand_back", do_hand_back}, {"cancel", do_cancel},     {"expire", do_expire}};

static void do_beat(void) {
    task_store_beat(store, &held, KIT_LEASE_MS, TEXT("{}"), NULL);
}

static void do_event(void) {
    task_store_event(store, &held, "agent_ended", "security", "timeout");
}

static void do_log(void) {
    task_store_log(store, &held, TEXT("a line\n"));
}

static void do_unclaim_of_another(void) {
    int64_t count;
    assert_int_equal(task_store_unclaim(store, "other", &count), ERR_OK);
}

static void do_repair(void) {
    repair(true);
}

/* These lead nowhere from any state. */
static void (*const QUIET[])(void) = {do_beat, do_event, do_log, do_unclaim_of_another, do_repair};

static bool act(const struct deed *deeds, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(deeds[i].word, word) == 0) {
            deeds[i].act();
            return true;
        }
    }
    return false;
}

static void check_row(const char *from, const char *event, const char *to) {
    ask("FLUSHALL");
    assert_true(act(STATES, sizeof STATES / sizeof STATES[0], from));
    assert_true(act(EVENTS, sizeof EVENTS / sizeof EVENTS[0], event));
    const char *expected = strcmp(to, "-") != 0 ? to : from;
    if (strcmp(state("t"), expected) != 0 || strcmp(status("t"), expected) != 0) {
        fail_msg("%s --%s--> %s (record: %s), expected %s", from, event, state("t"), status("t"),
                 expected);
    }
    task_claim_done(&held);
}

static void every_script_obeys_the_table(void **state_) {
    (void)state_;
    char line[160], from[32], event[32], to[32];
    int rows = 0;
    FILE *file = fopen(TEST_DATA "/states.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#' && sscanf(line, "%31s %31s %31s", from, event, to) == 3) {
            check_row(from, event, to);
            rows++;
        }
    }
    fclose(file);
    assert_int_equal(rows, TASK_STATE__COUNT * TASK_EVENT__COUNT);
}

static void the_other_scripts_move_no_task(void **state_) {
    (void)state_;
    for (size_t from = 0; from < TASK_STATE__COUNT; from++) {
        for (size_t i = 0; i < sizeof QUIET / sizeof QUIET[0]; i++) {
            ask("FLUSHALL");
            STATES[from].act();
            char before[1024];
            snprintf(before, sizeof before, "%s", ask("GET task:t"));
            QUIET[i]();
            assert_string_equal(state("t"), STATES[from].word);
            assert_says(before, "GET task:t");
            task_claim_done(&held);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(every_script_obeys_the_table),
                                       TEST(the_other_scripts_move_no_task)};
    return RUN(tests);
}

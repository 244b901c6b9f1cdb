/* A request that came before, or equals one in hand, is answered with the task it has. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRINT "aaaa0000"
#define OTHER_PRINT "bbbb0000"
#define SAME "cccc0000"

enum { CLIENTS = 12, ROUNDS = 5 };

static struct task_submitted said;

static int forget(void **state_) {
    task_submitted_done(&said);
    return fresh(state_);
}
#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, forget)

static enum err send(const struct task_submit *task) {
    task_submitted_done(&said);
    return task_store_submit(store, task, &said);
}

static struct task_submit keyed(const char *id) {
    struct task_submit task = a_task(id);
    task.idem_key = TEXT("build-42");
    task.fingerprint = PRINT;
    return task;
}

static struct task_submit only_one(const char *id) {
    struct task_submit task = a_task(id);
    task.unique = SAME;
    return task;
}

static void expect(const struct task_submit *task, unsigned how, const char *id) {
    assert_int_equal(send(task), ERR_OK);
    assert_int_equal(said.how, how);
    assert_string_equal(said.id, id);
}

static void submit_keyed(const char *id) {
    struct task_submit task = keyed(id);
    expect(&task, TASK_SUBMIT_NEW, id);
    assert_null(said.record);
}

static void submit_only_one(const char *id) {
    struct task_submit task = only_one(id);
    expect(&task, TASK_SUBMIT_NEW, id);
}

/* --- Idempotency-Key ------------------------------------------------------------------ */

static void the_same_request_again_is_answered_with_its_task(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    struct task_submit again = keyed("t-2");
    expect(&again, TASK_SUBMIT_REPLAYED, "t-1");
    assert_string_equal(said.record, ask("GET task:t-1"));
    assert_says("0", "EXISTS task:t-2 task:t-2:meta task:t-2:spec");
    assert_says("t-1", "LRANGE q:ready:medium 0 -1");
    assert_says("1 1", "HMGET q:stats submitted replayed");
}

static void a_replay_shows_the_task_as_it_stands_now(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    struct task_claim held = claim("s");
    finish(&held);
    task_claim_done(&held);
    struct task_submit again = keyed("t-2");
    expect(&again, TASK_SUBMIT_REPLAYED, "t-1");
    assert_non_null(strstr(said.record, "\"completed\""));
}

static void a_key_is_kept_a_day_and_only_as_a_digest(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    assert_null(strstr(ask("KEYS idem:*"), "build-42"));
    char key[KEYS_SIZE];
    snprintf(key, sizeof key, "%s", ask("KEYS idem:ann:*"));
    assert_says("86400", "TTL %s", key);
    assert_says(PRINT " t-1", "GET %s", key);
}

static void a_key_that_came_with_another_request_is_refused(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    struct task_submit other = keyed("t-2");
    other.fingerprint = OTHER_PRINT;
    assert_int_equal(send(&other), ERR_IDEMPOTENCY);
    assert_null(said.record);
    assert_says("0", "EXISTS task:t-2");
}

static void each_owner_has_keys_of_their_own(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    struct task_submit bobs = keyed("t-2");
    bobs.owner = "bob";
    expect(&bobs, TASK_SUBMIT_NEW, "t-2");
}

static void a_replay_is_answered_whatever_is_full(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    ask("SET q:drain 1");
    struct task_submit again = keyed("t-2");
    again.queue_max = again.open_max = again.per_min = 1;
    ask("SET rl:submit:ann 9999999999999");
    expect(&again, TASK_SUBMIT_REPLAYED, "t-1");
}

static void a_refused_submit_does_not_use_its_key_up(void **state_) {
    (void)state_;
    struct task_submit task = keyed("t-1");
    ask("SET q:drain 1");
    assert_int_equal(send(&task), ERR_DRAINING);
    ask("DEL q:drain");
    task.fingerprint = OTHER_PRINT;
    expect(&task, TASK_SUBMIT_NEW, "t-1");
}

static void a_key_whose_task_is_gone_makes_no_other(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    struct task_claim held = claim("s");
    finish(&held);
    task_claim_done(&held);
    ask("DEL task:t-1 task:t-1:meta task:t-1:spec");
    struct task_submit again = keyed("t-2");
    assert_int_equal(send(&again), ERR_GONE);
    assert_says("0", "EXISTS task:t-2");
}

static void a_live_task_is_shown_though_its_record_lapsed(void **state_) {
    (void)state_;
    submit_keyed("t-1");
    ask("DEL task:t-1");
    struct task_submit again = keyed("t-2");
    struct record record;
    expect(&again, TASK_SUBMIT_REPLAYED, "t-1");
    assert_int_equal(record_read(text_of(said.record), &record), ERR_OK);
    assert_int_equal(record.state, TASK_PENDING);
    assert_string_equal(record.task_id, "t-1");
    record_done(&record);
}

/* One client of many: waits for the others, submits, tells how. */
static void be_a_client(int go, int number) {
    char id[16], word;
    struct store *own = open_store("");
    struct task_submitted got;
    snprintf(id, sizeof id, "c-%d", number);
    struct task_submit task = keyed(id);
    (void)!read(go, &word, 1);
    enum err err = task_store_submit(own, &task, &got);
    _exit(err != ERR_OK ? 2 : got.how == TASK_SUBMIT_NEW ? 1 : 0);
}

static void many_clients_with_one_key_make_one_task(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS; round++) {
        int go[2], status_of_child, made = 0;
        ask("FLUSHALL");
        assert_int_equal(pipe(go), 0);
        for (int i = 0; i < CLIENTS; i++) {
            if (fork() == 0) {
                close(go[1]);
                be_a_client(go[0], i);
            }
        }
        close(go[0]);
        close(go[1]); /* off they go */
        for (int i = 0; i < CLIENTS; i++) {
            wait(&status_of_child);
            assert_true(WIFEXITED(status_of_child) && WEXITSTATUS(status_of_child) < 2);
            made += WEXITSTATUS(status_of_child);
        }
        assert_int_equal(made, 1);
        assert_says("1", "LLEN q:ready:medium");
    }
}

/* --- dedupe ----------------------------------------------------------------------------- */

static void an_equal_live_task_is_joined(void **state_) {
    (void)state_;
    submit_only_one("t-1");
    assert_says(SAME, "HGET task:t-1:meta uniq");
    assert_says("604800", "TTL uniq:" SAME);
    struct task_submit twin = only_one("t-2");
    expect(&twin, TASK_SUBMIT_JOINED, "t-1");
    assert_string_equal(said.record, ask("GET task:t-1"));
    struct task_claim held = claim("s");
    expect(&twin, TASK_SUBMIT_JOINED, "t-1");
    assert_non_null(strstr(said.record, "\"running\""));
    task_claim_done(&held);
    assert_says("1 2", "HMGET q:stats submitted joined");
}

static void a_task_that_ended_is_not_joined(void **state_) {
    (void)state_;
    submit_only_one("t-1");
    struct task_claim held = claim("s");
    finish(&held);
    task_claim_done(&held);
    assert_says("0", "EXISTS uniq:" SAME);
    submit_only_one("t-2");
}

static void a_lock_that_was_left_behind_holds_nobody_up(void **state_) {
    (void)state_;
    static const char *const LEFT[] = {"SET uniq:" SAME " nobody", "SET uniq:" SAME " t-0"};
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++) {
        ask("FLUSHALL");
        ask("HSET task:t-0:meta state completed head x middle y");
        ask("%s", LEFT[i]);
        submit_only_one("t-1");
        assert_says("t-1", "GET uniq:" SAME);
    }
}

static void who_does_not_ask_to_join_does_not(void **state_) {
    (void)state_;
    submit_only_one("t-1");
    submit("t-2");
    assert_says("2", "LLEN q:ready:medium");
}

static void a_key_remembers_the_task_that_was_joined(void **state_) {
    (void)state_;
    submit_only_one("t-1");
    struct task_submit both = keyed("t-2");
    both.unique = SAME;
    expect(&both, TASK_SUBMIT_JOINED, "t-1");
    struct task_claim held = claim("s");
    finish(&held);
    task_claim_done(&held);
    expect(&both, TASK_SUBMIT_REPLAYED | TASK_SUBMIT_JOINED, "t-1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_same_request_again_is_answered_with_its_task),
        TEST(a_replay_shows_the_task_as_it_stands_now),
        TEST(a_key_is_kept_a_day_and_only_as_a_digest),
        TEST(a_key_that_came_with_another_request_is_refused),
        TEST(each_owner_has_keys_of_their_own),
        TEST(a_replay_is_answered_whatever_is_full),
        TEST(a_refused_submit_does_not_use_its_key_up),
        TEST(a_key_whose_task_is_gone_makes_no_other),
        TEST(a_live_task_is_shown_though_its_record_lapsed),
        TEST(many_clients_with_one_key_make_one_task),
        TEST(an_equal_live_task_is_joined),
        TEST(a_task_that_ended_is_not_joined),
        TEST(a_lock_that_was_left_behind_holds_nobody_up),
        TEST(who_does_not_ask_to_join_does_not),
        TEST(a_key_remembers_the_task_that_was_joined),
    };
    return RUN(tests);
}

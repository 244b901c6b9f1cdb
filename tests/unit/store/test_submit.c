/* What a submit stores, what it refuses, and what a poll reads. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct access_query NO_CREDENTIAL = {.kind = ACCESS_NOTHING};

static struct task_view view(const char *id, enum task_view_part part) {
    struct access_answer answer;
    struct task_view got;
    assert_int_equal(task_view_read(store, &NO_CREDENTIAL, id, part, &answer, &got), ERR_OK);
    assert_false(answer.found);
    return got;
}

static void the_record_is_a_plain_string_that_lives_a_day(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t-1");
    assert_int_equal(submit_to(store, &task), ERR_OK);
    assert_says("string", "TYPE task:t-1");
    assert_string_equal(ask("GET task:t-1"), task.record.ptr);
    assert_says("86400", "TTL task:t-1");
}

static void scheduling_truth_does_not_expire_while_live(void **state_) {
    (void)state_;
    submit("t-1");
    assert_says("-1", "TTL task:t-1:meta");
    assert_says("-1", "TTL task:t-1:spec");
    assert_says("pending medium ann", "HMGET task:t-1:meta state prio owner");
    assert_says("t-1", "LRANGE q:ready:medium 0 -1");
    assert_says("t-1", "SMEMBERS open:ann");
    assert_says("t-1", "ZRANGE idx:tasks 0 -1");
    assert_says("t-1", "ZRANGE idx:owner:ann 0 -1");
    assert_says("1", "XLEN task:t-1:events");
    assert_says("1", "LLEN q:bell");
}

static void a_callback_is_stored_beside_not_inside(void **state_) {
    (void)state_;
    submit_with_callback("t-1", "s3cret");
    assert_says("https://ci.example/hook s3cret", "HMGET task:t-1:cb url secret");
    assert_null(strstr(ask("GET task:t-1:spec"), "s3cret"));
    submit("t-2");
    assert_says("0", "EXISTS task:t-2:cb");
}

static void an_id_is_taken_once(void **state_) {
    (void)state_;
    submit("t-1");
    assert_int_equal(submit_as("t-1", "bob", TASK_HIGH), ERR_CONFLICT);
    assert_says("ann", "HGET task:t-1:meta owner");
    assert_says("0", "LLEN q:ready:high");
}

static void a_full_queue_refuses_and_stores_nothing(void **state_) {
    (void)state_;
    static const char *const WAITING[] = {"LPUSH q:ready:critical x", "LPUSH q:ready:high x",
                                          "LPUSH q:ready:medium x", "LPUSH q:ready:low x",
                                          "ZADD q:delayed 1 x"};
    struct task_submit task = a_task("t-1");
    for (size_t i = 0; i < sizeof WAITING / sizeof WAITING[0]; i++) {
        ask("FLUSHALL");
        ask("%s", WAITING[i]);
        task.queue_max = 1;
        assert_int_equal(submit_to(store, &task), ERR_QUEUE_FULL);
        assert_says("1", "DBSIZE");
        task.queue_max = 2;
        assert_int_equal(submit_to(store, &task), ERR_OK);
    }
}

static void a_draining_queue_refuses(void **state_) {
    (void)state_;
    ask("SET q:drain 1");
    assert_int_equal(submit_as("t-1", "ann", TASK_LOW), ERR_DRAINING);
    assert_says("1", "DBSIZE");
}

static void an_owner_has_so_many_open_tasks(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_submit task = a_task("t-2");
    task.open_max = 1;
    assert_int_equal(submit_to(store, &task), ERR_TOO_MANY_OPEN);
    task.owner = "bob";
    assert_int_equal(submit_to(store, &task), ERR_OK);
    struct task_claim held = claim("s"); /* ann's ends: she may submit again */
    finish(&held);
    task_claim_done(&held);
    task = a_task("t-3");
    task.open_max = 1;
    assert_int_equal(submit_to(store, &task), ERR_OK);
}

/* --- the quota -------------------------------------------------------------------------- */

static enum err submit_counted(const char *id, struct task_quota *ret_quota) {
    struct task_submit task = a_task(id);
    struct task_submitted submitted;
    task.per_min = 3;
    enum err err = task_store_submit(store, &task, &submitted);
    *ret_quota = submitted.quota;
    return err;
}

static void a_quota_says_what_is_left_until_it_refuses(void **state_) {
    (void)state_;
    static const char *const IDS[] = {"t-1", "t-2", "t-3"};
    struct task_quota quota;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(submit_counted(IDS[i], &quota), ERR_OK);
        assert_int_equal(quota.limit, 3);
        assert_int_equal(quota.window_s, 60);
        assert_int_equal(quota.left, 2 - i);
        assert_in_range(quota.reset_s, 1, 20 * (i + 1));
        assert_int_equal(quota.retry_after_s, 0);
    }
    assert_int_equal(submit_counted("t-4", &quota), ERR_RATE);
    assert_int_equal(quota.left, 0);
    assert_in_range(quota.retry_after_s, 1, 20);
    assert_says("0", "EXISTS task:t-4");
}

static void what_is_refused_costs_nothing(void **state_) {
    (void)state_;
    struct task_quota quota;
    char spent[64];
    assert_int_equal(submit_counted("t-1", &quota), ERR_OK);
    snprintf(spent, sizeof spent, "%s", ask("GET rl:submit:ann"));
    assert_int_equal(submit_counted("t-1", &quota), ERR_CONFLICT);
    ask("SET q:drain 1");
    assert_int_equal(submit_counted("t-2", &quota), ERR_DRAINING);
    assert_int_equal(quota.left, 2);
    assert_says(spent, "GET rl:submit:ann");
}

static void a_quota_comes_back_and_belongs_to_one_owner(void **state_) {
    (void)state_;
    struct task_quota quota;
    ask("SET rl:submit:ann 99999999999999");
    assert_int_equal(submit_counted("t-1", &quota), ERR_RATE);
    assert_in_range(quota.retry_after_s, 1, 20); /* however damaged the account is */
    ask("SET rl:submit:bob 99999999999999");
    ask("SET rl:submit:ann 1");
    assert_int_equal(submit_counted("t-1", &quota), ERR_OK);
    assert_int_equal(quota.left, 2);
    assert_in_range(atoll(ask("PTTL rl:submit:ann")), 1, 61000);
}

static void without_a_quota_nothing_is_counted(void **state_) {
    (void)state_;
    submit("t-1");
    assert_says("0", "EXISTS rl:submit:ann");
}

/* --- waiting ------------------------------------------------------------------------------ */

static void each_priority_numbers_its_tasks(void **state_) {
    (void)state_;
    submit_with("t-1", TASK_LOW);
    submit_with("t-2", TASK_HIGH);
    submit_with("t-3", TASK_LOW);
    assert_says("1", "HGET task:t-1:meta seq");
    assert_says("1", "HGET task:t-2:meta seq");
    assert_says("2", "HGET task:t-3:meta seq");
}

static void a_wait_may_have_an_end(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t-1");
    task.queue_ttl_ms = 5000;
    assert_int_equal(submit_to(store, &task), ERR_OK);
    submit("t-2");
    long long created = atoll(ask("HGET task:t-1:meta created_ms"));
    assert_int_equal(atoll(ask("HGET task:t-1:meta expire_ms")), created + 5000);
    assert_int_equal(atoll(ask("ZSCORE q:expiry t-1")), created + 5000);
    assert_says("1", "ZCARD q:expiry");
}

/* --- trying again ------------------------------------------------------------------------- */

static void another_try_takes_the_callback_over_and_both_know_of_each_other(void **state_) {
    (void)state_;
    submit_with_callback("t-1", "s3cret");
    struct task_claim held = claim("s");
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("null"), NULL), ERR_OK);
    task_claim_done(&held);
    struct task_submit task = a_task("t-2");
    task.retry_of = "t-1";
    assert_int_equal(submit_to(store, &task), ERR_OK);
    assert_says("https://ci.example/hook s3cret", "HMGET task:t-2:cb url secret");
    assert_says("-1", "TTL task:t-2:cb");
    assert_says("t-1", "HGET task:t-2:meta retry_of");
    assert_says("t-2", "HGET task:t-1:meta retried_as");
    assert_says("86400", "TTL task:t-1:cb");
}

static void another_try_of_what_is_gone_leaves_no_trace_of_it(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t-2");
    task.retry_of = "t-1";
    assert_int_equal(submit_to(store, &task), ERR_OK);
    assert_says("0", "EXISTS task:t-1:meta task:t-1:cb task:t-2:cb");
}

static void the_doorbell_is_bounded(void **state_) {
    (void)state_;
    char id[16];
    for (int i = 0; i < KEYS_BELL_MAX + 10; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
    }
    assert_says("64", "LLEN q:bell");
}

static void indexes_forget_what_has_expired_but_not_what_lives_long(void **state_) {
    (void)state_;
    ask("ZADD idx:tasks 1 old-1 2 old-2 3 old-3");
    ask("ZADD idx:owner:ann 1 old-1");
    ask("SET task:old-2 x");
    submit("t-1");
    assert_says("old-2 t-1", "ZRANGE idx:tasks 0 -1");
    assert_says("t-1", "ZRANGE idx:owner:ann 0 -1");
}

static void owners_with_strange_names_are_kept_apart(void **state_) {
    (void)state_;
    assert_int_equal(submit_as("t-1", "a b*?\r\n:x", TASK_LOW), ERR_OK);
    assert_int_equal(submit_as("t-2", "a", TASK_LOW), ERR_OK);
    assert_says("t-2", "SMEMBERS open:a");
    struct task_view got = view("t-1", TASK_VIEW_OWNER);
    assert_string_equal(got.owner, "a b*?\r\n:x");
    task_view_done(&got);
}

static void a_poll_of_an_unknown_id_finds_nothing(void **state_) {
    (void)state_;
    struct task_view got = view("nobody", TASK_VIEW_FULL);
    assert_false(got.found);
    assert_null(got.record);
    task_view_done(&got);
}

static void a_poll_reads_the_record_as_it_stands(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t-1");
    assert_int_equal(submit_to(store, &task), ERR_OK);
    struct task_view got = view("t-1", TASK_VIEW_RECORD);
    assert_true(got.found);
    assert_int_equal(got.record_len, task.record.len);
    assert_string_equal(got.record, task.record.ptr);
    assert_string_equal(got.owner, "");
    assert_null(got.spec);
    task_view_done(&got);
}

static void a_record_of_the_original_is_readable(void **state_) {
    (void)state_;
    static const char ORIGINAL[] =
        "{\"task_id\": \"o-1\", \"session_id\": \"session_20260221_100000_o-1\", \"status\": "
        "\"completed\", \"created_at\": \"2026-02-21T10:00:00.123456+00:00\", \"updated_at\": "
        "\"2026-02-21T10:05:00+00:00\", \"result\": {\"n\": 1.0, \"caf\\u00e9\": []}}";
    private_redis_set(redis, "task:o-1", ORIGINAL);
    struct task_view got = view("o-1", TASK_VIEW_FULL);
    assert_string_equal(got.record, ORIGINAL);
    assert_string_equal(got.owner, "");
    assert_int_equal(got.expires_at_s, 0);
    task_view_done(&got);
    assert_string_equal(status("o-1"), "completed");
}

static void the_full_view_tells_the_scheduling_truth(void **state_) {
    (void)state_;
    submit_with("t-1", TASK_HIGH);
    struct task_claim held = claim("host:1:1");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT("{\"percent\":40}"), NULL),
                     ERR_OK);
    struct task_view got = view("t-1", TASK_VIEW_FULL);
    assert_string_equal(got.owner, "ann");
    assert_int_equal(got.priority, TASK_HIGH);
    assert_int_equal(got.attempt, 1);
    assert_string_equal(got.slot, "host:1:1");
    assert_string_equal(got.progress, "{\"percent\":40}");
    assert_string_equal(got.spec, "{\"title\":\"a title\"}");
    assert_true(got.created_ms > 0 && got.started_ms >= got.created_ms && got.finished_ms == 0);
    assert_in_range(got.expires_at_s, got.created_ms / 1000,
                    got.created_ms / 1000 + KEYS_TASK_TTL_S + 1);
    task_view_done(&got);
    task_claim_done(&held);
}

static void moments_beyond_the_calendar_are_unknown(void **state_) {
    (void)state_;
    submit("t-1");
    ask("HSET task:t-1:meta created_ms 9223372036854775807 started_ms 253402300800000");
    ask("HSET task:t-1:meta ready_ms 253402300799999");
    ask("EXPIREAT task:t-1 9000000000000000");
    struct task_view got = view("t-1", TASK_VIEW_FULL);
    assert_int_equal(got.created_ms, 0);
    assert_int_equal(got.started_ms, 0);
    assert_int_equal(got.ready_ms, 253402300799999);
    assert_int_equal(got.expires_at_s, 0);
    task_view_done(&got);
}

static void the_owner_part_brings_the_owner(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_view got = view("t-1", TASK_VIEW_OWNER);
    assert_string_equal(got.owner, "ann");
    assert_null(got.spec);
    task_view_done(&got);
}

static void a_key_and_a_task_come_together(void **state_) {
    (void)state_;
    static const struct access_query KEY = {.kind = ACCESS_API_KEY, .digest = "ab12"};
    struct access_answer answer;
    struct task_view got;
    submit("t-1");
    private_redis_set(redis, "api_key:ab12", "{\"key_id\": \"ab12\"}");
    for (int part = TASK_VIEW_RECORD; part <= TASK_VIEW_FULL; part++) {
        assert_int_equal(
            task_view_read(store, &KEY, "t-1", (enum task_view_part)part, &answer, &got), ERR_OK);
        assert_true(answer.found && got.found);
        assert_string_equal(answer.value, "{\"key_id\": \"ab12\"}");
        access_answer_done(&answer);
        task_view_done(&got);
    }
}

static void a_damaged_key_fails_the_poll_and_is_not_taken_for_absent(void **state_) {
    (void)state_;
    static const struct access_query TOKEN = {.kind = ACCESS_TOKEN, .digest = "ab12"};
    static const struct access_query KEY = {.kind = ACCESS_API_KEY, .digest = "ab12"};
    struct access_answer answer;
    struct task_view got;
    submit("t-1");
    ask("LPUSH blacklist_token:ab12 x");
    ask("LPUSH api_key:ab12 x");
    assert_int_equal(task_view_read(store, &TOKEN, "t-1", TASK_VIEW_RECORD, &answer, &got), ERR_OK);
    assert_true(answer.found);
    access_answer_done(&answer);
    task_view_done(&got);
    assert_int_equal(task_view_read(store, &KEY, "t-1", TASK_VIEW_RECORD, &answer, &got),
                     ERR_DAMAGED);
}

static void a_damaged_list_refuses_a_submit_as_a_whole(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {"q:ready:medium", "q:bell", "open:ann", "idx:tasks",
                                       "idx:owner:ann",  "q:seq",  "q:expiry", "q:delayed"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        ask("FLUSHALL");
        ask("SET %s x", KEYS[i]);
        assert_int_equal(submit_as("t-1", "ann", TASK_MEDIUM), ERR_DAMAGED);
        assert_says("1", "DBSIZE");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_record_is_a_plain_string_that_lives_a_day),
        TEST(scheduling_truth_does_not_expire_while_live),
        TEST(a_callback_is_stored_beside_not_inside),
        TEST(an_id_is_taken_once),
        TEST(a_full_queue_refuses_and_stores_nothing),
        TEST(a_draining_queue_refuses),
        TEST(an_owner_has_so_many_open_tasks),
        TEST(a_quota_says_what_is_left_until_it_refuses),
        TEST(what_is_refused_costs_nothing),
        TEST(a_quota_comes_back_and_belongs_to_one_owner),
        TEST(without_a_quota_nothing_is_counted),
        TEST(each_priority_numbers_its_tasks),
        TEST(a_wait_may_have_an_end),
        TEST(another_try_takes_the_callback_over_and_both_know_of_each_other),
        TEST(another_try_of_what_is_gone_leaves_no_trace_of_it),
        TEST(the_doorbell_is_bounded),
        TEST(indexes_forget_what_has_expired_but_not_what_lives_long),
        TEST(owners_with_strange_names_are_kept_apart),
        TEST(a_poll_of_an_unknown_id_finds_nothing),
        TEST(a_poll_reads_the_record_as_it_stands),
        TEST(a_record_of_the_original_is_readable),
        TEST(the_full_view_tells_the_scheduling_truth),
        TEST(moments_beyond_the_calendar_are_unknown),
        TEST(the_owner_part_brings_the_owner),
        TEST(a_key_and_a_task_come_together),
        TEST(a_damaged_key_fails_the_poll_and_is_not_taken_for_absent),
        TEST(a_damaged_list_refuses_a_submit_as_a_whole),
    };
    return RUN(tests);
}

/* What is remembered of finished tasks: written with their end, bounded, forgotten in time. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/store/history_store.h"

static enum err end_with(const char *id, const struct task_claim *held, const char *summary) {
    const struct history_note note = {.session_id = id,
                                      .target = "cafe",
                                      .days = 90,
                                      .summary = text_of(summary),
                                      .counts = {{"total", 3}, {"passed", 2}, {"failed", 1}},
                                      .count = 3};
    return task_store_finish(store, held, TASK_COMPLETED, TEXT("{}"), &note);
}

static void remember(const char *id) {
    submit(id);
    struct task_claim held = claim("slot");
    assert_int_equal(end_with(id, &held, id), ERR_OK);
    task_claim_done(&held);
}

static enum err recall(const char *id, struct buf *summary, struct buf *owner) {
    buf_init(summary, 100);
    buf_init(owner, 100);
    return history_store_session(store, id, summary, owner);
}

static void a_session_is_remembered_with_its_owner(void **state_) {
    (void)state_;
    struct buf summary, owner;
    remember("s-1");
    assert_int_equal(recall("s-1", &summary, &owner), ERR_OK);
    assert_string_equal(buf_str(&summary), "s-1");
    assert_string_equal(buf_str(&owner), "ann");
    buf_done(&summary);
    buf_done(&owner);
}

static void an_unknown_session_is_not_found(void **state_) {
    (void)state_;
    struct buf summary, owner;
    assert_int_equal(recall("s-1", &summary, &owner), ERR_NO_SESSION);
}

static void everything_is_forgotten_in_time(void **state_) {
    (void)state_;
    remember("s-1");
    assert_says("7776000", "TTL hist:session:s-1");
    assert_says("7776000", "TTL hist:target:cafe");
    const char *day = ask("KEYS hist:day:*");
    assert_non_null(strstr(day, "hist:day:2"));
    char key[96];
    snprintf(key, sizeof key, "%s", day);
    assert_says("7776000", "TTL %s", key);
}

static void a_lost_claim_remembers_nothing(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
    assert_int_equal(end_with("t-1", &held, "x"), ERR_LOST);
    assert_says("0", "EXISTS hist:session:t-1 hist:target:cafe");
    task_claim_done(&held);
}

struct seen {
    char last[64], first[64], owner[64];
    int count, stop_at;
};

static bool see(void *ctx, struct text summary, struct text owner) {
    struct seen *seen = ctx;
    text_copy(owner, seen->owner, sizeof seen->owner);
    text_copy(summary, seen->count == 0 ? seen->first : seen->last, sizeof seen->last);
    return ++seen->count != seen->stop_at;
}

static void the_newest_sessions_of_a_target_come_first(void **state_) {
    (void)state_;
    struct seen seen = {0};
    remember("s-1");
    ask("ZADD hist:target:cafe 1 s-1"); /* clearly older */
    remember("s-2");
    assert_int_equal(history_store_target(store, "cafe", 10, see, &seen), ERR_OK);
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.owner, "ann");
    assert_string_equal(seen.first, "s-2");
    assert_string_equal(seen.last, "s-1");
}

static void a_reader_may_have_enough(void **state_) {
    (void)state_;
    struct seen seen = {.stop_at = 1};
    remember("s-1");
    remember("s-2");
    assert_int_equal(history_store_target(store, "cafe", 10, see, &seen), ERR_OK);
    assert_int_equal(seen.count, 1);
}

static void the_oldest_sessions_beyond_the_most_are_forgotten(void **state_) {
    (void)state_;
    char id[32];
    for (int i = 0; i < HISTORY_SESSIONS_MAX; i++) {
        snprintf(id, sizeof id, "old-%d", i);
        ask("ZADD hist:target:cafe %d %s", i + 1, id);
        ask("HSET hist:session:%s summary x", id);
    }
    remember("s-1");
    assert_says("100", "ZCARD hist:target:cafe");
    assert_says("0", "EXISTS hist:session:old-0");
    assert_says("2", "EXISTS hist:session:old-1 hist:session:s-1");
}

static void see_day(void *ctx, const char *date, const struct history_count *counts, size_t count) {
    struct buf *told = ctx;
    (void)date;
    for (size_t i = 0; i < count; i++)
        buf_printf(told, "%s=%d ", counts[i].what, (int)counts[i].n);
}

static void assert_days_tell(const char *expected) {
    struct buf told;
    buf_init(&told, 1000);
    assert_int_equal(history_store_days(store, 30, see_day, &told), ERR_OK);
    assert_string_equal(buf_str(&told), expected);
    buf_done(&told);
}

static void checks_are_summed_by_day(void **state_) {
    (void)state_;
    remember("s-1");
    remember("s-2");
    assert_days_tell("total=6 passed=4 failed=2 ");
}

static void a_damaged_day_counts_as_nothing(void **state_) {
    (void)state_;
    remember("s-1");
    char day[96];
    snprintf(day, sizeof day, "%s", ask("KEYS hist:day:*"));
    ask("DEL %s", day);
    ask("SET %s x", day);
    assert_days_tell("");
}

static void damaged_history_keeps_no_task_from_its_end(void **state_) {
    (void)state_;
    ask("SET hist:target:cafe x");
    ask("SET hist:session:t-1 x");
    remember("t-1");
    assert_string_equal(status("t-1"), "completed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_session_is_remembered_with_its_owner),
        TEST(an_unknown_session_is_not_found),
        TEST(everything_is_forgotten_in_time),
        TEST(a_lost_claim_remembers_nothing),
        TEST(the_newest_sessions_of_a_target_come_first),
        TEST(a_reader_may_have_enough),
        TEST(the_oldest_sessions_beyond_the_most_are_forgotten),
        TEST(checks_are_summed_by_day),
        TEST(a_damaged_day_counts_as_nothing),
        TEST(damaged_history_keeps_no_task_from_its_end),
    };
    return RUN(tests);
}

/* What readers see of tasks that lapsed, ended, or are many. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#define ONE "11111111-1111-4111-8111-111111111111"
#define TWO "22222222-2222-4222-8222-222222222222"

static const struct access_query NOBODY = {.kind = ACCESS_NOTHING};
static const struct access_query KEY = {.kind = ACCESS_API_KEY, .digest = "ab12"};

static struct task_view view_as(const struct access_query *query, const char *id,
                                enum task_view_part part) {
    struct access_answer answer;
    struct task_view got;
    assert_int_equal(task_view_read(store, query, id, part, &answer, &got), ERR_OK);
    access_answer_done(&answer);
    return got;
}

static void end(const char *id) {
    submit(id);
    struct task_claim held = claim("slot");
    finish(&held);
    task_claim_done(&held);
}

/* --- gone ------------------------------------------------------------------------------- */

static void a_task_whose_time_is_over_is_gone_and_not_unknown(void **state_) {
    (void)state_;
    end(ONE);
    private_redis_set(redis, "api_key:ab12", "{}");
    ask("DEL task:" ONE " task:" ONE ":meta task:" ONE ":spec task:" ONE ":events");
    for (int part = TASK_VIEW_RECORD; part <= TASK_VIEW_FULL; part++) {
        struct task_view got = view_as(&KEY, ONE, (enum task_view_part)part);
        assert_true(!got.found && got.gone);
        got = view_as(&NOBODY, TWO, (enum task_view_part)part);
        assert_true(!got.found && !got.gone);
    }
}

static void a_task_that_ended_is_gone_with_its_record(void **state_) {
    (void)state_;
    end(ONE);
    ask("DEL task:" ONE);
    assert_true(view_as(&NOBODY, ONE, TASK_VIEW_RECORD).gone);
    assert_says("0", "EXISTS task:" ONE);
}

static void a_key_that_does_not_exist_learns_nothing(void **state_) {
    (void)state_;
    end(ONE);
    ask("DEL task:" ONE);
    assert_false(view_as(&KEY, ONE, TASK_VIEW_RECORD).gone);
}

static void the_record_of_a_live_task_is_never_missing(void **state_) {
    (void)state_;
    submit(ONE);
    submit(TWO);
    struct task_claim held = claim("slot");
    for (int part = TASK_VIEW_RECORD; part <= TASK_VIEW_FULL; part++) {
        ask("DEL task:" ONE " task:" TWO);
        struct task_view got = view_as(&NOBODY, ONE, (enum task_view_part)part);
        assert_true(got.found && !got.gone);
        assert_non_null(strstr(got.record, "\"status\":\"running\""));
        task_view_done(&got);
        got = view_as(&NOBODY, TWO, (enum task_view_part)part);
        assert_non_null(strstr(got.record, "\"status\":\"pending\""));
        task_view_done(&got);
        assert_says("86400", "TTL task:" ONE);
    }
    task_claim_done(&held);
}

/* --- lists ------------------------------------------------------------------------------ */

static char seen[4096];

static bool note(void *ctx, const struct task_list_row *row) {
    const char *id = strstr(row->record.len > 0 ? row->record.ptr : "", "t-");
    size_t len = strlen(seen);
    snprintf(seen + len, sizeof seen - len, "%s%.*s", len > 0 ? " " : "",
             id != NULL ? (int)strcspn(id, "\"") : 1, id != NULL ? id : "-");
    return --*(int *)ctx > 0;
}

static struct task_list_end list(const struct task_list *what, int enough) {
    struct task_list_end end;
    seen[0] = '\0';
    assert_int_equal(task_view_list(store, what, note, &enough, &end), ERR_OK);
    return end;
}

/* A task as if it had been accepted then. */
static void submit_at(const char *id, const char *owner, int64_t ms) {
    assert_int_equal(submit_as(id, owner, TASK_MEDIUM), ERR_OK);
    ask("ZADD idx:tasks %lld %s", (long long)ms, id);
    ask("ZADD idx:owner:%s %lld %s", owner, (long long)ms, id);
}

static void the_newest_come_first_and_only_ones_own_if_so_asked(void **state_) {
    (void)state_;
    submit_at("t-1", "ann", 1000);
    submit_at("t-2", "bob", 2000);
    submit_at("t-3", "ann", 3000);
    struct task_list_end end = list(&(struct task_list){0}, 9);
    assert_string_equal(seen, "t-3 t-2 t-1");
    assert_true(end.total == 3 && !end.more);
    end = list(&(struct task_list){.owner = "ann"}, 9);
    assert_string_equal(seen, "t-3 t-1");
    assert_int_equal(end.total, 2);
    list(&(struct task_list){.owner = "eve"}, 9);
    assert_string_equal(seen, "");
}

static void bounds_of_age_are_exclusive(void **state_) {
    (void)state_;
    submit_at("t-1", "ann", 1000);
    submit_at("t-2", "ann", 2000);
    submit_at("t-3", "ann", 3000);
    struct task_list_end end = list(&(struct task_list){.after_ms = 1000, .before_ms = 3000}, 9);
    assert_string_equal(seen, "t-2");
    assert_true(end.total == 1 && !end.more);
}

static void pages_follow_each_other_while_tasks_come(void **state_) {
    (void)state_;
    for (int i = 1; i <= 5; i++) {
        char id[8];
        snprintf(id, sizeof id, "t-%d", i);
        submit_at(id, "ann", i <= 1 ? 1000 : 2000); /* four of one moment */
    }
    struct task_list what = {0};
    struct task_list_end end = list(&what, 2);
    assert_string_equal(seen, "t-5 t-4");
    assert_true(end.more);
    submit_at("t-6", "ann", 3000);
    what.at = end.next;
    end = list(&what, 2);
    assert_string_equal(seen, "t-3 t-2");
    what.at = end.next;
    end = list(&what, 2);
    assert_string_equal(seen, "t-1");
    assert_false(end.more);
}

static void what_expired_is_shown_as_nothing_and_what_lapsed_as_it_is(void **state_) {
    (void)state_;
    submit_at("t-1", "ann", 1000);
    submit_at("t-2", "ann", 2000);
    ask("DEL task:t-1 task:t-2 task:t-2:meta task:t-2:spec");
    list(&(struct task_list){0}, 9);
    assert_string_equal(seen, "- t-1");
    assert_says("0", "EXISTS task:t-1");
}

static void a_call_looks_at_so_many_and_no_more(void **state_) {
    (void)state_;
    for (int i = 1; i <= 1100; i++)
        ask("ZADD idx:tasks %d x-%d", i, i);
    int enough = 5000;
    struct task_list what = {0};
    struct task_list_end end = list(&what, enough);
    assert_true(end.more);
    assert_int_equal(strlen(seen), 2 * TASK_LIST_SCAN_MAX - 1);
    what.at = end.next;
    end = list(&what, enough);
    assert_false(end.more);
    assert_int_equal(strlen(seen), 199);
}

static void damaged_tasks_do_not_hide_the_others(void **state_) {
    (void)state_;
    submit_at("t-1", "ann", 1000);
    ask("LPUSH task:t-2 x");
    ask("LPUSH task:t-2:spec x");
    ask("LPUSH task:t-2:meta x");
    ask("ZADD idx:tasks 2000 t-2");
    list(&(struct task_list){0}, 9);
    assert_string_equal(seen, "- t-1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_task_whose_time_is_over_is_gone_and_not_unknown),
        TEST(a_task_that_ended_is_gone_with_its_record),
        TEST(a_key_that_does_not_exist_learns_nothing),
        TEST(the_record_of_a_live_task_is_never_missing),
        TEST(the_newest_come_first_and_only_ones_own_if_so_asked),
        TEST(bounds_of_age_are_exclusive),
        TEST(pages_follow_each_other_while_tasks_come),
        TEST(what_expired_is_shown_as_nothing_and_what_lapsed_as_it_is),
        TEST(a_call_looks_at_so_many_and_no_more),
        TEST(damaged_tasks_do_not_hide_the_others),
    };
    return RUN(tests);
}

/* What readers see of tasks that lapsed, ended, or are many. */
#include "store/kit.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_task_whose_time_is_over_is_gone_and_not_unknown),
        TEST(a_task_that_ended_is_gone_with_its_record),
        TEST(a_key_that_does_not_exist_learns_nothing),
        TEST(the_record_of_a_live_task_is_never_missing),
    };
    return RUN(tests);
}

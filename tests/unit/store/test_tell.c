/* What a slot tells of its task on the way: history and log; and what it gives back unseen. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct task_claim start(const char *id) {
    submit(id);
    return claim("slot");
}

static void look_knows_whose_the_task_is(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_look(store, &held), ERR_OK);
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    assert_int_equal(task_store_look(store, &held), ERR_LOST);
    struct task_claim next = claim("slot");
    assert_int_equal(task_store_look(store, &held), ERR_LOST);
    finish(&next);
    assert_int_equal(task_store_look(store, &next), ERR_LOST);
    task_claim_done(&held);
    task_claim_done(&next);
}

static void an_event_stands_in_the_history(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_event(store, &held, "agent_started", "security", NULL), ERR_OK);
    assert_non_null(
        strstr(ask("XREVRANGE task:t-1:events + - COUNT 1"), "ev agent_started agent security"));
    assert_int_equal(task_store_event(store, &held, "agent_ended", "security", "timeout"), ERR_OK);
    assert_non_null(strstr(ask("XREVRANGE task:t-1:events + - COUNT 1"),
                           "ev agent_ended agent security why timeout"));
    finish(&held);
    assert_int_equal(task_store_event(store, &held, "agent_ended", NULL, NULL), ERR_LOST);
    task_claim_done(&held);
}

static void a_log_grows_by_lines_and_lapses_with_its_task(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_log(store, &held, TEXT("one\n")), ERR_OK);
    assert_int_equal(task_store_log(store, &held, TEXT("two\nthree\n")), ERR_OK);
    assert_says("one\ntwo\nthree\n", "GET task:t-1:log");
    assert_says("-1", "TTL task:t-1:log");
    finish(&held);
    assert_says("86400", "TTL task:t-1:log");
    assert_int_equal(task_store_log(store, &held, TEXT("late\n")), ERR_LOST);
    assert_says("one\ntwo\nthree\n", "GET task:t-1:log");
    task_claim_done(&held);
}

static void an_artifact_is_kept_while_there_is_room_and_lapses_with_its_task(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    struct task_artifact artifact = {"p.a.json", "application/json", "5a5a", TEXT("{}")};
    struct task_view_artifact seen;
    struct buf buf;
    buf_init(&buf, 2 * TASK_STORE_ARTIFACT_MAX);
    assert_int_equal(task_store_artifact(store, &held, &artifact), ERR_OK);
    artifact.bytes = TEXT("{\"a\n\":1}");
    assert_int_equal(task_store_artifact(store, &held, &artifact), ERR_OK);
    assert_int_equal(task_view_artifact(store, "t-1", TEXT("p.a.json"), &buf, &seen), ERR_OK);
    assert_true(text_is(seen.media_type, "application/json") && text_is(seen.sha256, "5a5a"));
    assert_true(text_is(seen.bytes, "{\"a\n\":1}"));
    assert_int_equal(task_view_artifact(store, "t-1", TEXT("p.b"), &buf, &seen), ERR_NO_ARTIFACT);
    assert_says("-1", "TTL task:t-1:artifacts");
    finish(&held);
    assert_says("86400", "TTL task:t-1:artifacts");
    assert_int_equal(task_store_artifact(store, &held, &artifact), ERR_LOST);
    buf_done(&buf);
    task_claim_done(&held);
}

static void artifacts_of_a_task_have_one_bound(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    char *bytes = calloc(1, TASK_STORE_ARTIFACT_MAX), name[8];
    struct task_artifact artifact = {name, "text/plain", "5a",
                                     text_make(bytes, TASK_STORE_ARTIFACT_MAX)};
    assert_non_null(bytes);
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        assert_int_equal(task_store_artifact(store, &held, &artifact),
                         i < 3 ? ERR_OK : ERR_TOO_LARGE);
    }
    snprintf(name, sizeof(name), "f0"); /* in place of itself it fits */
    assert_int_equal(task_store_artifact(store, &held, &artifact), ERR_OK);
    assert_says("3", "HLEN task:t-1:artifacts");
    free(bytes);
    task_claim_done(&held);
}

/* Fills the log of a claim up to `bytes` before its limit. */
static void fill_log(const struct task_claim *held, size_t bytes) {
    size_t size = TASK_STORE_LOG_MAX - bytes;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'x', size);
    text[size - 1] = '\n';
    assert_int_equal(task_store_log(store, held, text_make(text, size)), ERR_OK);
    free(text);
}

static void a_full_log_ends_in_a_line_that_says_so(void **state_) {
    (void)state_;
    char length[32];
    struct task_claim held = start("t-1");
    fill_log(&held, 60);
    assert_int_equal(task_store_log(store, &held, TEXT("kept\nnot kept, for it is too long\n")),
                     ERR_OK);
    snprintf(length, sizeof length, "%s", ask("STRLEN task:t-1:log"));
    assert_true(strtol(length, NULL, 10) <= TASK_STORE_LOG_MAX);
    assert_says("x\nkept\n[the rest of this log was not kept]\n", "GETRANGE task:t-1:log %d -1",
                TASK_STORE_LOG_MAX - 62);
    assert_int_equal(task_store_log(store, &held, TEXT("more\n")), ERR_OK);
    assert_says(length, "STRLEN task:t-1:log");
    task_claim_done(&held);
}

static void one_endless_line_leaves_only_the_last(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_log(store, &held, TEXT("first\n")), ERR_OK);
    fill_log(&held, 0);
    assert_says("first\n[the rest of this log was not kept]\n", "GET task:t-1:log");
    task_claim_done(&held);
}

/* A claim whose answer was lost: the slot knows nothing of it. */
static void what_a_slot_does_not_know_of_goes_back_uncharged(void **state_) {
    (void)state_;
    int64_t count = 0;
    struct task_claim lost = start("t-1");
    ask("LPUSH q:proc:slot nobody");
    assert_int_equal(task_store_unclaim(store, "slot", &count), ERR_OK);
    assert_int_equal(count, 1);
    assert_string_equal(status("t-1"), "pending");
    assert_says("0", "EXISTS q:lease q:proc:slot");
    assert_says("0", "HEXISTS task:t-1:meta crashes");
    assert_int_equal(task_store_finish(store, &lost, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    struct task_claim next = claim("other");
    assert_int_equal(next.attempt, 1);
    ask("LPUSH q:proc:slot t-1"); /* it is with another, whatever this list says */
    assert_int_equal(task_store_unclaim(store, "slot", &count), ERR_OK);
    assert_int_equal(count, 0);
    finish(&next);
    task_claim_done(&lost);
    task_claim_done(&next);
}

static void what_goes_back_to_a_damaged_list_waits_elsewhere(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    ask("SET q:ready:medium x");
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    assert_says("t-1", "ZRANGE q:delayed 0 -1");
    ask("DEL q:ready:medium");
    assert_int_equal(repair(false).promoted, 1);
    struct task_claim next = claim("other");
    assert_string_equal(next.id, "t-1");
    task_claim_done(&held);
    task_claim_done(&next);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(look_knows_whose_the_task_is),
        TEST(an_event_stands_in_the_history),
        TEST(a_log_grows_by_lines_and_lapses_with_its_task),
        TEST(an_artifact_is_kept_while_there_is_room_and_lapses_with_its_task),
        TEST(artifacts_of_a_task_have_one_bound),
        TEST(a_full_log_ends_in_a_line_that_says_so),
        TEST(one_endless_line_leaves_only_the_last),
        TEST(what_a_slot_does_not_know_of_goes_back_uncharged),
        TEST(what_goes_back_to_a_damaged_list_waits_elsewhere),
    };
    return RUN(tests);
}

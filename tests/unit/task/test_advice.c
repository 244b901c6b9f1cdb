/* Goal: a language model is asked with counts and our own words alone, and of what it answers only
 * what is exactly of the form asked for is used. */
#include "task/advice_help.h"

#include "agnostic/task/record.h"
#include "agnostic/task/result.h"
#include "agnostic/task/verdict.h"
#include "table.h"

#define SENTENCES "It feels pleasant. p95 under 500 ms. Everybody likes it"

static struct advised task;

static int begin(void **state) {
    (void)state;
    advised_init(&task, SENTENCES);
    return 0;
}

static int end(void **state) {
    (void)state;
    advised_done(&task);
    return 0;
}

static struct advice answer_of(const char *content) {
    struct advice advice;
    char *response = response_of(content);
    advice_answer(text_of(response), &task.facts, &advice);
    free(response);
    return advice;
}

static char *printed_advice(const struct advice *advice) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ADVICE_MAX_BYTES);
    json_out_init(&out, &buf);
    advice_put(advice, &task.facts, &out);
    assert_false(buf.failed);
    return buf_take(&buf);
}

/* --- the question ---------------------------------------------------------------------------- */

static char *question(void) {
    struct buf buf;
    buf_init(&buf, ADVICE_QUESTION_MAX_BYTES);
    assert_int_equal(advice_question(&task.facts, &buf), ERR_OK);
    return buf_take(&buf);
}

static void nothing_that_an_agent_wrote_is_in_the_question(void **state) {
    (void)state;
    char *asked = question();
    assert_null(strstr(asked, MARKER));
    free(asked);
}

static void the_question_counts_and_names_checks_in_our_words(void **state) {
    (void)state;
    char *asked = question();
    struct json *root = json_of(asked);
    struct json *data = json_of(str_at(json_at(json_get(root, "messages"), 1), "content"));
    const struct json *failed = json_get(data, "failed_checks");
    assert_string_equal(str_at(root, "model"), "small");
    assert_string_equal(str_at(data, "verdict"), "NO_GO");
    assert_int_equal(json_count(failed), 1);
    assert_string_equal(str_at(json_at(failed, 0), "id"), "SEC-HDR-01");
    assert_string_equal(str_at(json_at(failed, 0), "title"), "No HSTS");
    assert_int_equal(int_at(data, "findings_of_other_checks"), 1);
    assert_int_equal(json_count(json_get(data, "unmapped")), 2);
    assert_int_equal(int_at(json_at(json_get(data, "agents"), 0), "findings.high"), 2);
    json_free(data);
    json_free(root);
    free(asked);
}

static void the_same_session_asks_the_same(void **state) {
    (void)state;
    char *one = question(), *two = question();
    assert_string_equal(one, two);
    task.facts.session_id = "session_2";
    free(two);
    two = question();
    assert_string_not_equal(one, two);
    task.facts.session_id = "session_1";
    free(one);
    free(two);
}

static void urls_and_secrets_of_a_client_stay_here(void **state) {
    (void)state;
    struct advised careless;
    struct buf buf;
    advised_init(&careless, "https://shop.test/a?b=" MARKER " is lovely; /find?q=" MARKER
                            " answers; Authorization: Bearer " MARKER " works");
    assert_int_equal(careless.criteria.count, 3);
    buf_init(&buf, ADVICE_QUESTION_MAX_BYTES);
    assert_int_equal(advice_question(&careless.facts, &buf), ERR_OK);
    assert_null(strstr(buf_str(&buf), MARKER));
    assert_non_null(strstr(buf_str(&buf), "(URL) is lovely"));
    buf_done(&buf);
    advised_done(&careless);
}

static void without_unmapped_sentences_nothing_may_be_proposed(void **state) {
    (void)state;
    struct advised clear;
    struct advice advice;
    advised_init(&clear, "p95 under 500 ms");
    char *with = response_of("{\"verdict\":\"NO_GO\",\"summary\":\"S.\",\"proposals\":[]}");
    char *without = response_of("{\"verdict\":\"NO_GO\",\"summary\":\"S.\"}");
    advice_answer(text_of(with), &clear.facts, &advice);
    assert_int_equal(advice.reason, ADVICE_UNEXPECTED);
    advice_answer(text_of(without), &clear.facts, &advice);
    assert_int_equal(advice.reason, ADVICE_USED);
    free(with);
    free(without);
    advised_done(&clear);
}

/* --- the answer ------------------------------------------------------------------------------ */

static void check_answer(char **cells, size_t line) {
    struct advice advice;
    char *response =
        strcmp(cells[1], "body") == 0 ? text_dup(text_of(cells[2])) : response_of(cells[2]);
    advice_answer(text_of(response), &task.facts, &advice);
    if (strcmp(advice_word(advice.reason), cells[0]) != 0)
        fail_msg("advice.tsv:%zu: %s, not %s: %s", line, advice_word(advice.reason), cells[0],
                 cells[2]);
    if (advice.reason != ADVICE_USED && (advice.summary[0] != '\0' || advice.count > 0))
        fail_msg("advice.tsv:%zu: something of it was kept", line);
    free(response);
}

static void answers_become_what_the_table_says(void **state) {
    (void)state;
    assert_true(table_each("advice.tsv", 3, check_answer) >= 60);
}

static void an_answer_too_long_is_not_read(void **state) {
    (void)state;
    struct advice advice;
    char *body = calloc(1, ADVICE_ANSWER_MAX_BYTES + 2);
    assert_non_null(body);
    memset(body, ' ', ADVICE_ANSWER_MAX_BYTES + 1);
    advice_answer(text_make(body, ADVICE_ANSWER_MAX_BYTES + 1), &task.facts, &advice);
    assert_int_equal(advice.reason, ADVICE_TOO_LARGE);
    free(body);
}

static void what_is_used_is_printed_in_our_words(void **state) {
    (void)state;
    struct advice advice =
        answer_of("{\"verdict\":\"NO_GO\",\"summary\":\"No HSTS.\",\"proposals\":["
                  "{\"criterion_id\":\"C1\",\"metric\":\"perf.apdex\",\"op\":\">=\",\"value\":0.9},"
                  "{\"criterion_id\":\"C3\",\"checks\":[\"FUN-04\",\"PERF-01\"]}]}");
    char *shown = printed_advice(&advice);
    assert_string_equal(
        shown, "{\"used\":true,\"model\":\"small\",\"summary\":\"No HSTS.\",\"proposals\":["
               "{\"criterion_id\":\"C1\",\"kind\":\"metric\",\"metric\":\"perf.apdex\","
               "\"op\":\">=\",\"value\":0.9},{\"criterion_id\":\"C3\",\"kind\":\"checks\","
               "\"checks\":[\"FUN-04\",\"PERF-01\"]}]}");
    free(shown);
}

static void what_is_refused_leaves_a_reason(void **state) {
    (void)state;
    struct advice advice = answer_of("no");
    char *shown = printed_advice(&advice);
    assert_string_equal(shown, "{\"used\":false,\"model\":\"small\",\"reason\":\"not_json\"}");
    free(shown);
}

static void marks_that_hide_or_turn_text_are_not_kept(void **state) {
    (void)state;
    struct advice advice = answer_of("{\"verdict\":\"NO_GO\",\"summary\":\"a\\u001b[31mb\\u202ec"
                                     "\\u200bd\\ne\\u0085f\",\"proposals\":[]}");
    assert_string_equal(advice.summary, "a?[31mb?c?d e?f");
}

static void a_long_summary_is_cut_between_characters(void **state) {
    (void)state;
    struct buf content;
    buf_init(&content, WORK_MAX);
    buf_puts(&content, "{\"verdict\":\"NO_GO\",\"proposals\":[],\"summary\":\"x");
    for (int i = 0; i < ADVICE_SUMMARY_MAX_BYTES; i++)
        buf_puts(&content, "\u00e4");
    buf_puts(&content, "\"}");
    struct advice advice = answer_of(buf_str(&content));
    assert_int_equal(advice.reason, ADVICE_USED);
    assert_int_equal(strlen(advice.summary), ADVICE_SUMMARY_MAX_BYTES - 1);
    assert_true(text_is_utf8(text_of(advice.summary)));
    buf_done(&content);
}

/* --- what cannot have been read -------------------------------------------------------------- */

static void numbers_that_no_answer_gives_are_not_used(void **state) {
    (void)state;
    static const struct advice UNSOUND[] = {
        {.reason = (enum advice_reason)99},
        {.count = ADVICE_PROPOSALS_MAX + 1},
        {.count = 1, .proposals = {{.criterion = 9}}},
        {.count = 1, .proposals = {{.metric = 99}}},
        {.count = 1, .proposals = {{.check_count = 9}}},
        {.count = 1, .proposals = {{.check_count = 1, .checks = {77}}}},
    };
    for (size_t i = 0; i < sizeof(UNSOUND) / sizeof(UNSOUND[0]); i++) {
        char *shown = printed_advice(&UNSOUND[i]);
        assert_string_equal(shown, "{\"used\":false,\"model\":\"small\",\"reason\":\"failed\"}");
        free(shown);
    }
    struct advice endless = {.reason = ADVICE_USED};
    memset(endless.summary, 'x', sizeof(endless.summary));
    char *shown = printed_advice(&endless);
    assert_non_null(strstr(shown, "\"failed\""));
    free(shown);
}

/* --- the result ------------------------------------------------------------------------------ */

static void put_result(struct buf *buf, const struct advice *advice) {
    static const struct request REQUEST = {.constraints = TEXT(SENTENCES)};
    buf_init(buf, RECORD_RESULT_MAX_BYTES);
    assert_int_equal(result_put(buf, "session_1", "2026-02-21T10:00:00+00:00", &REQUEST,
                                task.facts.outcomes, task.facts.count),
                     ERR_OK);
    if (advice != NULL)
        result_add_advice(buf, advice, &task.facts);
}

static void advice_changes_nothing_else_of_a_result(void **state) {
    (void)state;
    struct advice advice = answer_of("{\"verdict\":\"NO_GO\",\"summary\":\"S.\",\"proposals\":[]}");
    struct buf with, without;
    put_result(&without, NULL);
    put_result(&with, &advice);
    size_t same = without.len - 1;
    assert_memory_equal(with.data, without.data, same);
    assert_string_equal(with.data + same, ",\"llm\":{\"used\":true,\"model\":\"small\",\"summary\":"
                                          "\"S.\",\"proposals\":[]}}");
    buf_done(&with);
    buf_done(&without);
}

static void judging_again_looks_at_no_advice(void **state) {
    (void)state;
    struct advice advice = answer_of("{\"verdict\":\"NO_GO\",\"summary\":\"S.\",\"proposals\":[]}");
    struct buf result, again;
    struct json_out out;
    enum verdict verdict;
    put_result(&result, &advice);
    struct json *root = json_of(buf_str(&result));
    buf_init(&again, WORK_MAX);
    json_out_init(&out, &again);
    assert_int_equal(verdict_again(root, &out, &verdict), ERR_OK);
    assert_int_equal(verdict, VERDICT_NO_GO);
    json_free(root);
    buf_done(&again);
    buf_done(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_an_agent_wrote_is_in_the_question),
        cmocka_unit_test(the_question_counts_and_names_checks_in_our_words),
        cmocka_unit_test(the_same_session_asks_the_same),
        cmocka_unit_test(urls_and_secrets_of_a_client_stay_here),
        cmocka_unit_test(without_unmapped_sentences_nothing_may_be_proposed),
        cmocka_unit_test(answers_become_what_the_table_says),
        cmocka_unit_test(an_answer_too_long_is_not_read),
        cmocka_unit_test(what_is_used_is_printed_in_our_words),
        cmocka_unit_test(what_is_refused_leaves_a_reason),
        cmocka_unit_test(marks_that_hide_or_turn_text_are_not_kept),
        cmocka_unit_test(a_long_summary_is_cut_between_characters),
        cmocka_unit_test(numbers_that_no_answer_gives_are_not_used),
        cmocka_unit_test(advice_changes_nothing_else_of_a_result),
        cmocka_unit_test(judging_again_looks_at_no_advice),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

/* Goal: sentences are read as tests/data/criteria.tsv says. */
#include "table.h"
#include "task/criterion_help.h"

static void put_ids(struct buf *buf, const struct criterion *criterion) {
    buf_puts(buf, "checks:");
    for (size_t i = 0; i < CRITERION_SUBJECTS_MAX && criterion->subjects[i] != NULL; i++)
        buf_printf(buf, "%s%s", i > 0 ? "," : "", criterion->subjects[i]);
}

/* What a sentence can ask for stands in the vocabulary, the same way round. */
static void expect_in_vocabulary(const struct criterion *criterion, const char *name) {
    const struct criterion_metric *metric;
    for (size_t i = 0; (metric = criterion_metric(i)) != NULL; i++)
        if (strcmp(metric->name, name) == 0)
            break;
    if (metric == NULL)
        fail_msg("%s is in no vocabulary", name);
    assert_int_equal(metric->at_least, criterion->at_least);
}

static void put_metrics(struct buf *buf, const struct criterion *criterion) {
    for (size_t i = 0; i < CRITERION_SUBJECTS_MAX && criterion->subjects[i] != NULL; i++) {
        buf_printf(buf, "%s%s", i > 0 ? "," : "", criterion->subjects[i]);
        expect_in_vocabulary(criterion, criterion->subjects[i]);
    }
}

static void put_criterion(struct buf *buf, const struct criterion *criterion) {
    buf_puts(buf, buf->len > 0 ? " " : "");
    switch (criterion->kind) {
    case CRITERION_METRIC:
        put_metrics(buf, criterion);
        buf_printf(buf, "%s%.15g", criterion->at_least ? ">=" : "<=", criterion->value);
        break;
    case CRITERION_FINDINGS:
        buf_printf(buf, "findings:%s", severity_word(criterion->severity));
        break;
    case CRITERION_CHECKS:
        put_ids(buf, criterion);
        break;
    case CRITERION_STANDARD:
        buf_printf(buf, "standard:%s", criterion->subjects[0]);
        break;
    case CRITERION_LIMIT:
        buf_printf(buf, "limit:%s", criterion->subjects[0]);
        if (criterion->path.ptr != NULL)
            buf_printf(buf, "=%.*s", TEXT_ARG(criterion->path));
        else if (strncmp(criterion->subjects[0], "max_", 4) == 0)
            buf_printf(buf, "<=%.15g", criterion->value);
        break;
    case CRITERION_UNMAPPED:
        buf_puts(buf, "unmapped");
        break;
    }
}

static char *printed_criteria(void) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, 1 << 16);
    json_out_init(&out, &buf);
    criteria_put(&criteria, NULL, 0, &out);
    return buf_take(&buf);
}

/* What is stored of them says all of them. */
static void expect_restored(size_t line) {
    char *stored = printed_criteria();
    struct json *root = json_of(stored);
    assert_int_equal(criteria_restore(root, &criteria), ERR_OK);
    char *again = printed_criteria();
    if (strcmp(stored, again) != 0)
        fail_msg("criteria.tsv:%zu: %s became %s", line, stored, again);
    free(again);
    json_free(root);
    free(stored);
}

static void check_row(char **cells, size_t line) {
    struct buf buf;
    buf_init(&buf, 4096);
    read_from("constraints", cells[0]);
    for (size_t i = 0; i < criteria.count; i++)
        put_criterion(&buf, &criteria.items[i]);
    if (strcmp(buf_str(&buf), cells[1]) != 0)
        fail_msg("criteria.tsv:%zu: %s: read %s, not %s", line, cells[0], buf_str(&buf), cells[1]);
    buf_done(&buf);
    expect_restored(line);
}

static void sentences_are_read_as_the_table_says(void **state) {
    (void)state;
    assert_true(table_each("criteria.tsv", 2, check_row) >= 80);
}

static void sentences_are_parted_by_lines_semicolons_and_stops(void **state) {
    (void)state;
    read_from("business_goals", "- p95 under 500 ms.\n* No broken links; HSTS. Version 2.4 sells");
    assert_int_equal(criteria.count, 4);
    assert_true(text_is(criteria.items[0].text, "p95 under 500 ms"));
    assert_string_equal(criteria.items[1].field, "business_goals");
    assert_true(text_is(criteria.items[3].text, "Version 2.4 sells"));
}

/* The paths of a list are as much part of the sentence as those behind a comma. */
static void a_line_that_is_only_a_path_belongs_to_the_sentence_before(void **state) {
    (void)state;
    read_from("constraints", "Do not visit:\n- /admin,\n  * /cart\n/pay\n- p95 under 500 ms\n"
                             "/shop must load in 2 s");
    assert_int_equal(criteria.count, 5);
    assert_int_equal(criteria.limits.exclude_count, 3);
    assert_true(text_is(criteria.limits.exclude[2], "/pay"));
    assert_int_equal(criteria.items[3].kind, CRITERION_METRIC);
    assert_true(text_is(criteria.items[4].text, "/shop must load in 2 s"));
}

static void prose_of_a_description_is_no_criterion(void **state) {
    (void)state;
    read_from("description", "This is build 17. It must be lovely. p95 under 1 s.");
    assert_int_equal(criteria.count, 2);
    assert_int_equal(criteria.items[0].kind, CRITERION_UNMAPPED);
    assert_true(text_is(criteria.items[0].text, "It must be lovely"));
}

static void no_text_has_no_criteria(void **state) {
    (void)state;
    read_from("constraints", "");
    assert_int_equal(criteria.count, 0);
    read_from("constraints", NULL);
    assert_int_equal(criteria.count, 0);
}

static void defaults_of_fields_are_no_criteria(void **state) {
    (void)state;
    read_from("constraints", REQUEST_CONSTRAINTS_DEFAULT);
    assert_int_equal(criteria.count, 0);
    read_from("business_goals", REQUEST_GOALS_DEFAULT);
    assert_int_equal(criteria.count, 0);
}

static void more_than_fits_is_said(void **state) {
    struct buf buf;
    (void)state;
    buf_init(&buf, 1 << 16);
    for (int i = 0; i < 70; i++)
        buf_printf(&buf, "p95 under %d ms\n", i);
    read_from("constraints", buf_str(&buf));
    assert_int_equal(criteria.count, CRITERIA_MAX);
    assert_true(criteria.more);
    buf_done(&buf);
}

/* A text made to keep a matcher busy ends, and is unmapped. */
static void a_text_that_is_meant_to_take_long_ends(void **state) {
    struct buf buf;
    (void)state;
    buf_init(&buf, 1 << 16);
    for (int i = 0; i < 1200; i++)
        buf_puts(&buf, "no p95 ");
    read_from("description", buf_str(&buf));
    assert_true(criteria.count <= CRITERIA_MAX);
    buf_done(&buf);
}

static void limits_are_read_in_constraints_and_the_tightest_holds(void **state) {
    (void)state;
    read_from("constraints", "Max 20 rps. At most 90 requests per minute; no load test; read-only");
    const struct criteria_limits *limits = &criteria.limits;
    assert_float_equal(limits->max_rps, 1.5, 1e-9);
    assert_true(limits->no_load && limits->no_active && !limits->passive && !limits->no_crawl);
    read_from("constraints", "Max 5 minutes\nMax 90 seconds\nExclude /a, /b; do not crawl");
    assert_float_equal(limits->max_seconds, 90, 1e-9);
    assert_true(limits->no_crawl && limits->exclude_count == 2);
    assert_true(text_is(limits->exclude[1], "/b"));
    read_from("business_goals", "Max 20 rps. Passive only. Exclude /a. Max 5 minutes");
    assert_true(isinf(limits->max_rps) && isinf(limits->max_seconds));
    assert_true(!limits->passive && limits->exclude_count == 0);
}

/* However much else was written before them. */
static void limits_are_read_when_the_list_is_full(void **state) {
    struct buf many;
    struct request request = {.constraints = TEXT("passive only; exclude /a; max 2 minutes")};
    (void)state;
    buf_init(&many, 1 << 16);
    for (int i = 0; i < 300; i++)
        buf_puts(&many, "It must shine.\n");
    request.description = buf_text(&many);
    assert_int_equal(criteria_read(&request, &criteria), ERR_OK);
    assert_true(criteria.more && criteria.limits.passive);
    assert_true(text_is(criteria.limits.exclude[0], "/a"));
    assert_float_equal(criteria.limits.max_seconds, 120, 1e-9);
    buf_done(&many);
}

/* As many as the field has room for. */
static void every_path_of_the_constraints_is_a_limit(void **state) {
    struct buf many;
    (void)state;
    buf_init(&many, 1 << 16);
    buf_puts(&many, "exclude ");
    size_t count = 0;
    for (; many.len + 4 <= REQUEST_CONSTRAINTS_MAX; count++)
        buf_puts(&many, "/a ");
    read_from("constraints", buf_str(&many));
    assert_true(criteria.more);
    assert_int_equal(criteria.limits.exclude_count, count);
    buf_done(&many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_are_read_as_the_table_says),
        cmocka_unit_test(sentences_are_parted_by_lines_semicolons_and_stops),
        cmocka_unit_test(a_line_that_is_only_a_path_belongs_to_the_sentence_before),
        cmocka_unit_test(prose_of_a_description_is_no_criterion),
        cmocka_unit_test(no_text_has_no_criteria),
        cmocka_unit_test(defaults_of_fields_are_no_criteria),
        cmocka_unit_test(more_than_fits_is_said),
        cmocka_unit_test(a_text_that_is_meant_to_take_long_ends),
        cmocka_unit_test(limits_are_read_in_constraints_and_the_tightest_holds),
        cmocka_unit_test(limits_are_read_when_the_list_is_full),
        cmocka_unit_test(every_path_of_the_constraints_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

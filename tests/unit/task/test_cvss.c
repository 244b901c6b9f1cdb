/* Base scores agree with those the specification's authors published. */
#include "agnostic/task/cvss.h"
#include "table.h"

static void check_row(char **cells, size_t line) {
    int tenths = -1;
    bool scored = cvss_score(text_of(cells[0]), &tenths);
    uint64_t expected = 0;
    bool is_vector = text_u64(text_of(cells[1]), 100, &expected);
    if (scored != is_vector || (scored && tenths != (int)expected))
        fail_msg("cvss.tsv:%zu: %s scores %d, not %s", line, cells[0], tenths, cells[1]);
    if (scored)
        assert_string_equal(severity_word(cvss_severity(tenths)), cells[2]);
}

static void vectors_score_as_the_table_says(void **unused) {
    (void)unused;
    assert_true(table_each("cvss.tsv", 3, check_row) >= 30);
}

static void bands_begin_where_the_specification_says(void **unused) {
    (void)unused;
    static const struct {
        int tenths;
        enum severity severity;
    } EDGES[] = {{0, SEVERITY_INFO},    {1, SEVERITY_LOW},       {39, SEVERITY_LOW},
                 {40, SEVERITY_MEDIUM}, {69, SEVERITY_MEDIUM},   {70, SEVERITY_HIGH},
                 {89, SEVERITY_HIGH},   {90, SEVERITY_CRITICAL}, {100, SEVERITY_CRITICAL}};
    for (size_t i = 0; i < sizeof(EDGES) / sizeof(EDGES[0]); i++)
        assert_int_equal(cvss_severity(EDGES[i].tenths), EDGES[i].severity);
}

static void severities_are_five_words(void **unused) {
    (void)unused;
    enum severity severity;
    for (int i = 0; i < SEVERITY__COUNT; i++) {
        assert_true(severity_read(text_of(severity_word((enum severity)i)), &severity));
        assert_int_equal(severity, i);
    }
    assert_false(severity_read(TEXT("none"), &severity));
    assert_false(severity_read(TEXT("HIGH"), &severity));
    assert_false(severity_read(TEXT(""), &severity));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_score_as_the_table_says),
        cmocka_unit_test(bands_begin_where_the_specification_says),
        cmocka_unit_test(severities_are_five_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

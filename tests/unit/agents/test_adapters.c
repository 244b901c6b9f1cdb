/* What tools really wrote about servers of ours (tests/data/adapters), read: exactly the findings
 * and passed checks of the table, and of garbage nothing but an error. */
#include <ctype.h>
#include <stdlib.h>

#include "agents/adapters/tools.h"
#include "table.h"

enum {
    RECORDED_MAX = 4 << 20,
    SAID_MAX = 16384,
    RECORDED_AT_S = 1795422900 /* 2026-11-23, when the certificates were as their names say */
};

/* "SEC-TLS-03=medium ..." and "SEC-TLS-02 ...", each blank-separated. */
struct said {
    struct buf findings, passed;
    bool incomplete;
};

static void hear(void *ctx, struct text line) {
    struct said *said = ctx;
    struct json *root = NULL;
    assert_int_equal(json_parse(line, &JSON_LIMITS_RESULT, &root, NULL), ERR_OK);
    const char *type = json_str(json_get(root, "type"), "");
    if (strcmp(type, "finding") == 0)
        buf_printf(&said->findings, "%s%s=%s", said->findings.len > 0 ? " " : "",
                   json_str(json_get(root, "check_id"), ""),
                   json_str(json_get(root, "severity"), ""));
    else if (strcmp(type, "check") == 0 &&
             strcmp(json_str(json_get(root, "status"), ""), "passed") == 0)
        buf_printf(&said->passed, "%s%s", said->passed.len > 0 ? " " : "",
                   json_str(json_get(root, "id"), ""));
    json_free(root);
}

/* Reads output as that tool's; what is said of it goes to said. */
static enum err read_as(const char *name, struct text output, struct said *said) {
    const struct tool *tool = tools_find(name);
    struct harvest_place place = {.tool = name,
                                  .has_target = true,
                                  .target = "https://shop.test/",
                                  .now_s = RECORDED_AT_S,
                                  .reproduce = "tool"};
    struct harvest *harvest;
    struct lines *lines;
    struct fault fault = {0};
    assert_non_null(tool);
    place.prefix = tool->prefix;
    assert_int_equal(url_parse(text_of(place.target), &place.url, NULL), ERR_OK);
    buf_init(&said->findings, SAID_MAX);
    buf_init(&said->passed, SAID_MAX);
    assert_int_equal(harvest_new(&place, &harvest), ERR_OK);
    enum err err = tool->read(output, harvest, &fault);
    said->incomplete = harvest_is_incomplete(harvest);
    if (err == ERR_OK) {
        assert_int_equal(lines_new(hear, said, &lines), ERR_OK);
        harvest_tell(harvest, lines);
        lines_free(lines);
    } else {
        assert_int_not_equal(fault.text[0], '\0');
    }
    harvest_free(harvest);
    return err;
}

static void said_done(struct said *said) {
    buf_done(&said->findings);
    buf_done(&said->passed);
}

static void read_recorded(const char *tool, const char *name, struct buf *buf) {
    char path[512];
    char *room;
    size_t got;
    snprintf(path, sizeof(path), "%s/adapters/%s/%s", TEST_DATA, tool, name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    buf_init(buf, RECORDED_MAX);
    while ((room = buf_room(buf, BUFSIZ)) != NULL && (got = fread(room, 1, BUFSIZ, file)) > 0)
        buf_wrote(buf, got);
    fclose(file);
}

static void assert_recorded(char **cells, size_t line) {
    struct said said;
    struct buf buf;
    read_recorded(cells[0], cells[1], &buf);
    enum err err = read_as(cells[0], buf_text(&buf), &said);
    if (strcmp(cells[2], err_word(err)) != 0)
        fail_msg("line %zu: %s of %s: %s", line, cells[1], cells[0], err_word(err));
    if (strcmp(buf_str(&said.findings), cells[3]) != 0 ||
        strcmp(buf_str(&said.passed), cells[4]) != 0)
        fail_msg("line %zu: %s of %s:\n%s\n%s", line, cells[1], cells[0], buf_str(&said.findings),
                 buf_str(&said.passed));
    said_done(&said);
    buf_done(&buf);
}

static void what_tools_wrote_is_read_as_the_table_says(void **unused) {
    (void)unused;
    assert_true(table_each("adapters/expected.tsv", 5, assert_recorded) > 10);
}

/* A reader that has had its data cut off says so, wherever that was. */
static void assert_cut(char **cells, size_t line) {
    struct said said;
    struct buf buf;
    (void)line;
    read_recorded(cells[0], cells[1], &buf);
    for (size_t share = 0; share < 16; share++) {
        enum err err = read_as(cells[0], text_make(buf.data, buf.len * share / 16), &said);
        assert_true(err == ERR_SYNTAX || (err == ERR_OK && said.incomplete));
        said_done(&said);
    }
    buf_done(&buf);
}

static void output_that_was_cut_off_is_no_output(void **unused) {
    (void)unused;
    table_each("adapters/expected.tsv", 5, assert_cut);
}

/* In every format: nothing of it is a finding. */
static const char *const HOSTILE[] = {
    "",
    "x",
    "[]",
    "{}",
    "null",
    "<a/>",
    "<nmaprun/>",
    "<document><ssltest/></document>",
    "{\"runs\":[]}",
    "{\"version\":\"2.1.0\",\"runs\":7}",
    "{\"vulnerabilities\":[]}",
    "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;&c;</a>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
};

static void what_is_not_the_tools_format_finds_nothing(void **unused) {
    (void)unused;
    struct agent_row row;
    for (size_t i = 0; tools_at(i, &row); i++) {
        for (size_t h = 0; h < sizeof(HOSTILE) / sizeof(HOSTILE[0]); h++) {
            struct said said;
            enum err err = read_as(row.name, text_of(HOSTILE[h]), &said);
            if (said.findings.len > 0 || said.passed.len > 0)
                fail_msg("%s finds something in %s", row.name, HOSTILE[h]);
            assert_true(err == ERR_OK || err == ERR_SYNTAX || err == ERR_CONNECT);
            said_done(&said);
        }
    }
}

/* --- reports of test runners ------------------------------------------------------------- */

static void assert_report(const char *tool, const char *text, const char *findings,
                          const char *passed, bool incomplete) {
    struct said said;
    assert_int_equal(read_as(tool, text_of(text), &said), ERR_OK);
    assert_string_equal(buf_str(&said.findings), findings);
    assert_string_equal(buf_str(&said.passed), passed);
    assert_int_equal(said.incomplete, incomplete);
    said_done(&said);
}

static void a_plan_that_cannot_be_kept_is_not(void **unused) {
    (void)unused;
    assert_report("tap", "1..2\nok\nok\n", "", "TAP-1 TAP-2", false);
    assert_report("tap", "1..18446744073709551617\n", "", "", true);
    assert_report("tap", "1..5\nok\n1..1\n", "", "TAP-1", true);
    assert_report("tap", "ok\n", "", "TAP-1", true);
    assert_report("tap", "1..1\nok\nBail out! no more\n", "", "TAP-1", true);
}

#define CASE(attributes, inner) "<testcase " attributes ">" inner "</testcase>"
#define SUITE(cases) "<testsuite>" cases "</testsuite>"

static void a_failure_without_a_name_is_one(void **unused) {
    (void)unused;
    assert_report("junit", SUITE(CASE("", "<failure/>") CASE("name='a'", "")), "JUNIT-unnamed=high",
                  "JUNIT-a", false);
}

static void a_test_that_broke_or_was_not_run_has_not_passed(void **unused) {
    (void)unused;
    assert_report("junit", SUITE(CASE("name='a'", "<error/>")), "", "", true);
    assert_report("junit", SUITE(CASE("name='a' status='notrun'", "")), "", "", false);
}

#define LONG "a-very-long-name-of-a-class-of-tests-as-generated-ones-have-them-in-a-deep-package."

static void assert_two_passed(const char *tool, const char *text) {
    struct said said;
    assert_int_equal(read_as(tool, text_of(text), &said), ERR_OK);
    assert_non_null(strchr(buf_str(&said.passed), ' '));
    said_done(&said);
}

static void tests_whose_names_differ_late_or_in_other_letters_are_two(void **unused) {
    (void)unused;
    assert_two_passed("tap", "1..2\nok - \xC3\xA4\nok - \xC3\xB6\n");
    assert_two_passed("tap", "1..2\nok - " LONG LONG LONG "1\nok - " LONG LONG LONG "2\n");
    assert_two_passed("junit",
                      SUITE(CASE("name='" LONG LONG "1'", "") CASE("name='" LONG LONG "2'", "")));
}

/* A scan of testssl that came to its end, with one more item before what is always there. */
static void read_testssl(const char *item, struct said *said) {
    struct buf buf;
    buf_init(&buf, SAID_MAX);
    buf_printf(&buf,
               "[%s,{\"id\":\"SSLv3\",\"severity\":\"OK\",\"finding\":\"not offered\"},"
               "{\"id\":\"TLS1_1\",\"severity\":\"INFO\",\"finding\":\"not offered\"},"
               "{\"id\":\"TLS1_2\",\"severity\":\"OK\",\"finding\":\"offered\"},"
               "{\"id\":\"scanTime\",\"severity\":\"INFO\",\"finding\":\"9\"}]",
               item);
    assert_int_equal(read_as("testssl", buf_text(&buf), said), ERR_OK);
    buf_done(&buf);
}

#define ITEM(id, severity, finding)                                                                \
    "{\"id\":\"" id "\",\"severity\":\"" severity "\",\"finding\":\"" finding "\"}"

/* Words of testssl.sh 3.0 that no server of ours brings it to say. */
static void every_word_for_a_fault_is_one(void **unused) {
    static const struct {
        const char *item, *finding;
    } WORDS[] = {
        {ITEM("SSLv2", "CRITICAL", "vulnerable with 5 ciphers"), "SEC-TLS-02="},
        {ITEM("SSLv2", "HIGH", "offered, no cipher"), "SEC-TLS-02="},
        {ITEM("PFS", "MEDIUM", "No ciphers supporting (P)FS offered"), "SEC-TLS-08="},
        {ITEM("OCSP_stapling", "LOW", "not offered"), "SEC-TLS-22="},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        struct said said;
        read_testssl(WORDS[i].item, &said);
        if (strstr(buf_str(&said.findings), WORDS[i].finding) == NULL)
            fail_msg("%s: %s", WORDS[i].item, buf_str(&said.findings));
        said_done(&said);
    }
}

static void what_a_tool_could_not_see_has_not_passed(void **unused) {
    static const struct {
        const char *item, *check;
    } WORDS[] = {
        {ITEM("SSLv2", "WARN", "not tested due to lack of local support"), "SEC-TLS-02"},
        {ITEM("TLS1", "WARN", "not tested due to lack of local support"), "SEC-TLS-03"},
        {ITEM("PFS", "WARN", "tests skipped as you only have 3 PFS ciphers"), "SEC-TLS-08"},
        {ITEM("OCSP_stapling", "WARN", "stapled OCSP response contained an error"), "SEC-TLS-22"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        struct said said;
        read_testssl(WORDS[i].item, &said);
        if (strstr(buf_str(&said.passed), WORDS[i].check) != NULL)
            fail_msg("%s: passed %s", WORDS[i].item, buf_str(&said.passed));
        said_done(&said);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_tools_wrote_is_read_as_the_table_says),
        cmocka_unit_test(output_that_was_cut_off_is_no_output),
        cmocka_unit_test(a_plan_that_cannot_be_kept_is_not),
        cmocka_unit_test(a_failure_without_a_name_is_one),
        cmocka_unit_test(a_test_that_broke_or_was_not_run_has_not_passed),
        cmocka_unit_test(tests_whose_names_differ_late_or_in_other_letters_are_two),
        cmocka_unit_test(what_is_not_the_tools_format_finds_nothing),
        cmocka_unit_test(every_word_for_a_fault_is_one),
        cmocka_unit_test(what_a_tool_could_not_see_has_not_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

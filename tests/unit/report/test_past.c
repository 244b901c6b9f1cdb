/* Which earlier sessions a report may set beside its own, and what it takes of them. */
#include "agnostic/report/past.h"
#include "agnostic/report/report.h"

#include <string.h>

#include "unit.h"

#define SESSION(id, hour, parameters, agents)                                                      \
    "{\"session_id\":\"" id "\",\"completed_at\":\"2026-02-21T" hour ":00:30.5+00:00\","           \
    "\"verdict\":\"NO_GO\",\"parameters\":\"" parameters "\",\"agents\":{" agents "}}"
#define SECURITY(more, severities) "\"security-compliance\":{\"findings\":[" severities "]" more "}"
#define LOAD(p95)                                                                                  \
    ",\"performance\":{\"metrics\":[{\"name\":\"perf.latency.p95_ms\",\"value\":" p95 "}]}"
#define HIGH "{\"severity\":\"high\"}"
#define LOW "{\"severity\":\"low\"}"

static const char NEWER[] = SESSION("s-4", "13", "p", SECURITY("", HIGH) LOAD("9")),
                  OWN[] = SESSION("s-3", "12", "p", SECURITY("", HIGH "," LOW) LOAD("20.5")),
                  OTHER[] = SESSION("s-2", "11", "q", SECURITY("", HIGH) LOAD("9")),
                  ALONE[] = SESSION("s-1", "10", "p", SECURITY("", HIGH)),
                  OLD[] = SESSION("s-0", "09", "p",
                                  SECURITY(",\"findings_omitted\":3", LOW) LOAD("40"));

static void note_all(struct past *past) {
    const char *const ALL[] = {NEWER, "no summary", OWN, OTHER, ALONE, OLD};
    past_init(past, "s-3");
    for (size_t i = 0; i < sizeof(ALL) / sizeof(ALL[0]); i++)
        assert_true(past_note(past, text_of(ALL[i])));
}

static void only_sessions_that_tested_the_same_way_are_taken(void **state) {
    struct past past;
    (void)state;
    note_all(&past);
    assert_int_equal(past.count, 2);
    assert_string_equal(past.sessions[0].when, "2026-02-21 12:00");
    assert_int_equal(past.sessions[0].counts[SEVERITY_HIGH], 1);
    assert_int_equal(past.sessions[0].counts[SEVERITY_LOW], 1);
    assert_int_equal((int)(past.sessions[0].p95_ms * 10), 205);
    assert_string_equal(past.sessions[1].when, "2026-02-21 09:00");
    assert_false(past.sessions[0].more);
    assert_true(past.sessions[1].more);
    past_done(&past);
}

static void no_more_are_wanted_than_are_shown(void **state) {
    struct past past;
    int wanted = 1;
    (void)state;
    past_init(&past, "s-3");
    while (past_note(&past, text_of(OWN)))
        wanted++;
    assert_int_equal(wanted, PAST_SESSIONS_MAX);
    past_done(&past);
}

static bool page_has(const struct past *past, const char *part) {
    static const struct text RECORD =
        TEXT("{\"task_id\":\"t\",\"session_id\":\"s-3\",\"status\":\"completed\","
             "\"created_at\":\"x\",\"updated_at\":\"y\",\"result\":{}}");
    struct buf page;
    buf_init(&page, REPORT_MAX_BYTES);
    assert_int_equal(report_write(RECORD, TEXT("t"), past, REPORT_HTML, &page), ERR_OK);
    bool found = strstr(buf_str(&page), part) != NULL;
    buf_done(&page);
    return found;
}

static void a_page_shows_the_trend_when_there_is_one(void **state) {
    struct past past, first;
    (void)state;
    note_all(&past);
    past_init(&first, "s-3");
    assert_true(past_note(&first, text_of(OWN)));
    assert_true(page_has(&past, "Findings of this session and earlier ones"));
    assert_true(page_has(&past, ">2026-02-21 09:00 NO_GO</text>"));
    assert_true(page_has(&past, ">1+</text>"));
    assert_true(page_has(&past, ">40</text>"));
    assert_false(page_has(&first, "earlier ones"));
    assert_false(page_has(NULL, "earlier ones"));
    past_done(&past);
    past_done(&first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_sessions_that_tested_the_same_way_are_taken),
        cmocka_unit_test(no_more_are_wanted_than_are_shown),
        cmocka_unit_test(a_page_shows_the_trend_when_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

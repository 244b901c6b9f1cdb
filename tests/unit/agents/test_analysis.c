/* Goal: sessions are compared by what their checks say, and numbers by how they were taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/analyst/risk.h"
#include "agents/analyst/series.h"
#include "agents/analyst/trend.h"
#include "unit.h"

static char results_path[] = "/tmp/agnostic-results-XXXXXX";
static char history_path[] = "/tmp/agnostic-history-XXXXXX";

static int make_files(void **state) {
    (void)state;
    close(mkstemp(results_path));
    close(mkstemp(history_path));
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    return unlink(results_path) + unlink(history_path);
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define RESULTS(agents) "{\"session_id\":\"now\",\"agent_results\":{" agents "}}"
#define SESSION(agents) "{\"session_id\":\"then\",\"agents\":{" agents "}}\n"
#define CHECK(id, status) "{\"id\":\"" id "\",\"component\":\"c\",\"status\":\"" status "\"}"
#define FINDING(id, severity, more)                                                                \
    "{\"check_id\":\"" id "\",\"fingerprint\":\"" id                                               \
    "@c\",\"component\":\"c\",\"title\":\"t\",\"severity\":\"" severity "\"" more "}"
#define AGENT(checks, findings)                                                                    \
    "\"a\":{\"status\":\"completed\",\"checks\":[" checks "],\"findings\":[" findings "]}"
#define METRIC(value, n)                                                                           \
    "\"p\":{\"status\":\"completed\",\"metrics\":[{\"name\":\"perf.latency.p95_ms\","              \
    "\"value\":" value ",\"n\":" n "}]}"

struct seen {
    struct runs runs;
    struct ledger ledger;
    struct series series;
};

static void look(const char *results, const char *history, struct seen *seen) {
    write_file(results_path, results);
    write_file(history_path, history);
    assert_int_equal(runs_read(results_path, history_path, &seen->runs), ERR_OK);
    assert_int_equal(ledger_make(&seen->runs, &seen->ledger), ERR_OK);
    assert_int_equal(series_make(&seen->runs, &seen->ledger, &seen->series), ERR_OK);
}

static void look_away(struct seen *seen) {
    series_done(&seen->series);
    ledger_done(&seen->ledger);
    runs_done(&seen->runs);
}

static void assert_state(const char *now, const char *then, const char *state) {
    struct seen seen;
    look(now, then, &seen);
    assert_int_equal(seen.ledger.count, 1);
    assert_string_equal(ledger_state_word(seen.ledger.entries[0].state), state);
    look_away(&seen);
}

#define FOUND AGENT(CHECK("X", "failed"), FINDING("X", "high", ""))
#define CLEAN AGENT(CHECK("X", "passed"), "")

static void a_finding_is_compared_with_the_last_time_its_check_ran(void **state) {
    (void)state;
    assert_state(RESULTS(FOUND), "", "not_compared");
    assert_state(RESULTS(FOUND), SESSION(CLEAN), "new");
    assert_state(RESULTS(FOUND), SESSION(FOUND) SESSION(CLEAN), "unchanged");
    assert_state(RESULTS(FOUND), SESSION(AGENT(CHECK("X", "skipped"), "")) SESSION(FOUND),
                 "unchanged");
    assert_state(RESULTS(FOUND), SESSION(AGENT(CHECK("Y", "passed"), "")), "not_compared");
    assert_state(RESULTS(FOUND), SESSION(AGENT(CHECK("X", "failed"), FINDING("X", "low", ""))),
                 "updated");
    assert_state(RESULTS(CLEAN), SESSION(FOUND), "absent");
}

static void what_was_not_looked_for_is_not_gone(void **state) {
    (void)state;
    struct seen seen;
    look(RESULTS(AGENT(CHECK("X", "not_tested"), "")), SESSION(FOUND), &seen);
    assert_int_equal(seen.ledger.count, 0);
    look_away(&seen);
    look(RESULTS(""), SESSION(FOUND), &seen);
    assert_int_equal(seen.ledger.count, 0);
    look_away(&seen);
}

/* What there was no room for was neither passed nor gone. */
static void what_was_left_out_is_not_compared(void **state) {
    struct seen seen;
    (void)state;
#define SAID(more) "\"a\":{\"status\":\"completed\"," more "}"
    assert_state(RESULTS(FOUND), SESSION(SAID("\"omitted\":true")), "not_compared");
    assert_state(RESULTS(FOUND), SESSION(SAID("\"checks\":[],\"checks_omitted\":7")),
                 "not_compared");
    assert_state(RESULTS(FOUND), SESSION(SAID("\"findings\":[],\"findings_omitted\":7")),
                 "not_compared");
    look(RESULTS(FOUND), SESSION(SAID("\"omitted\":true")), &seen);
    assert_int_equal(seen.series.checks[0].change, SERIES_STEADY);
    look_away(&seen);
    look(RESULTS(SAID("\"checks\":[],\"checks_omitted\":true,\"findings\":[]")), SESSION(FOUND),
         &seen);
    assert_int_equal(seen.ledger.count, 0);
    look_away(&seen);
}

/* Sessions keep 200 characters of a title. */
static void a_title_that_was_cut_has_not_changed(void **state) {
#define TITLED(title)                                                                              \
    AGENT("",                                                                                      \
          "{\"check_id\":\"X\",\"fingerprint\":\"f\",\"component\":\"c\",\"severity\":\"high\","   \
          "\"title\":\"" title "\"}")
#define TWENTY "12345678901234567890"
#define HUNDRED TWENTY TWENTY TWENTY TWENTY TWENTY
    (void)state;
    assert_state(RESULTS(TITLED(HUNDRED HUNDRED "and more")), SESSION(TITLED(HUNDRED HUNDRED)),
                 "unchanged");
    assert_state(RESULTS(TITLED(HUNDRED "and more")), SESSION(TITLED(HUNDRED)), "updated");
}

static void an_agent_that_names_no_checks_is_compared_by_its_findings(void **state) {
    (void)state;
    assert_state(RESULTS(AGENT("", FINDING("X", "high", ""))), SESSION(AGENT("", "")), "new");
    assert_state(RESULTS(AGENT("", "")), SESSION(AGENT("", FINDING("X", "high", ""))), "absent");
}

static void a_fault_that_came_and_was_mended_is_not_flaky(void **state) {
    (void)state;
    struct seen seen;
    look(RESULTS(CLEAN), SESSION(CLEAN) SESSION(FOUND) SESSION(FOUND) SESSION(CLEAN), &seen);
    assert_int_equal(seen.series.checks[0].flips, 2);
    assert_false(seen.series.checks[0].flaky);
    look_away(&seen);
    look(RESULTS(CLEAN), SESSION(FOUND) SESSION(CLEAN) SESSION(FOUND) SESSION(CLEAN), &seen);
    assert_true(seen.series.checks[0].flaky);
    look_away(&seen);
}

static void damaged_sessions_are_passed_over(void **state) {
    (void)state;
    assert_state(RESULTS(FOUND), "{\n[]\n{\"agents\":7}\n" SESSION(CLEAN), "new");
}

/* --- trends ---------------------------------------------------------------------------- */

static enum trend_way p95_goes(const char *results, const char *history) {
    struct seen seen;
    struct trend trend;
    look(results, history, &seen);
    for (size_t i = 0; trend_at(&seen.runs, i, &trend); i++)
        if (strcmp(trend.metric, "perf.latency.p95_ms") == 0)
            break;
    look_away(&seen);
    return trend.way;
}

static void small_steps_the_wrong_way_are_a_trend(void **state) {
    (void)state;
    assert_int_equal(p95_goes(RESULTS(METRIC("60", "400")),
                              SESSION(METRIC("55", "400")) SESSION(METRIC("51", "400"))
                                  SESSION(METRIC("46", "390")) SESSION(METRIC("41", "400"))
                                      SESSION(METRIC("36", "400")) SESSION(METRIC("30", "400"))),
                     TREND_WORSENING);
}

static void sessions_of_another_load_are_not_compared(void **state) {
    (void)state;
    assert_int_equal(p95_goes(RESULTS(METRIC("60", "400")),
                              SESSION(METRIC("55", "40")) SESSION(METRIC("51", "4000"))
                                  SESSION(METRIC("46", "400")) SESSION(METRIC("41", "400"))
                                      SESSION(METRIC("36", "400")) SESSION(METRIC("30", "400"))),
                     TREND_UNKNOWN);
}

/* --- risk ------------------------------------------------------------------------------ */

static void findings_of_a_component_add_up_as_probabilities(void **state) {
    (void)state;
    struct seen seen;
    struct risk risk;
    look(RESULTS(AGENT("", FINDING("X", "medium", ",\"cvss_score\":5.0") "," FINDING(
                               "Y", "medium", ",\"cvss_score\":5.0,\"confidence\":\"low\""))),
         "", &seen);
    risk_of(&seen.ledger, &risk);
    assert_int_equal(risk.count, 1);
    assert_true(risk.target > 0.599 && risk.target < 0.601);
    assert_string_equal(risk_word(&risk), "medium");
    look_away(&seen);
}

static void many_small_findings_make_no_grave_one(void **state) {
    (void)state;
    struct seen seen;
    struct risk risk;
#define MEDIUM(id) FINDING(id, "medium", ",\"cvss_score\":6.0")
    look(RESULTS(AGENT("", MEDIUM("A") "," MEDIUM("B") "," MEDIUM("C") "," MEDIUM("D"))), "",
         &seen);
    risk_of(&seen.ledger, &risk);
    assert_true(risk.target > 0.9);
    assert_string_equal(risk_word(&risk), "medium");
    look_away(&seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_is_compared_with_the_last_time_its_check_ran),
        cmocka_unit_test(what_was_not_looked_for_is_not_gone),
        cmocka_unit_test(what_was_left_out_is_not_compared),
        cmocka_unit_test(a_title_that_was_cut_has_not_changed),
        cmocka_unit_test(an_agent_that_names_no_checks_is_compared_by_its_findings),
        cmocka_unit_test(a_fault_that_came_and_was_mended_is_not_flaky),
        cmocka_unit_test(damaged_sessions_are_passed_over),
        cmocka_unit_test(small_steps_the_wrong_way_are_a_trend),
        cmocka_unit_test(sessions_of_another_load_are_not_compared),
        cmocka_unit_test(many_small_findings_make_no_grave_one),
        cmocka_unit_test(findings_of_a_component_add_up_as_probabilities),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}

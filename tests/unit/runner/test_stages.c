/* Agents of one stage work side by side, those of the next wait for them, and none disturbs
 * another. */
#include "agnostic/store/task_store.h"
#include "runner/daemon.h"

#define AGENTS(list) "{\"title\":\"T\",\"description\":\"D\",\"agents\":[" list "]}"
#define TWO AGENTS("\"junior-qa\",\"senior-qa\"")
/* Says what is in $s. */
#define SAY "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"'$s'\"}'"

/* Tenths of a second that one waits for another: one that will come, and one that will not. */
enum { PATIENT = 200, BRIEF = 8 };

/* Marks its start, and waits for another's mark. */
static void plugin_that_meets(const char *name, const char *members, const char *other,
                              int tenths) {
    char script[1024];
    snprintf(script, sizeof(script),
             "touch %s/met-%s; s=alone; for i in $(seq %d); do "
             "[ -e %s/met-%s ] && s=together && break; sleep 0.1; done; " SAY,
             run_dir, name, tenths, run_dir, other);
    plugin(name, members, script);
}

static void forget_meetings(void) {
    static const char *const NAMES[] = {"junior-qa", "senior-qa", "performance"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/met-%s", run_dir, NAMES[i]);
        unlink(path);
    }
}

static void assert_first_is(const char *id, const char *settings, const char *body,
                            const char *expected) {
    forget_meetings();
    pid_t runner = START(settings);
    order(id, body, LONG_MS);
    assert_result(id, "agent_results.junior-qa.summary", expected);
    stop_runner(runner);
}

static void agents_of_a_stage_work_side_by_side(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "senior-qa", PATIENT);
    plugin_that_meets("senior-qa", "", "junior-qa", PATIENT);
    assert_first_is("side", "AGNOSTIC_AGENTS_AT_ONCE=2", TWO, "together");
}

static void no_more_of_them_than_the_setting_says(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "senior-qa", BRIEF);
    plugin_that_meets("senior-qa", "", "junior-qa", BRIEF);
    assert_first_is("single", "AGNOSTIC_AGENTS_AT_ONCE=1", TWO, "alone");
}

static void the_next_stage_waits(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "performance", BRIEF);
    plugin_that_meets("performance", "", "junior-qa", BRIEF);
    assert_first_is("waits", "AGNOSTIC_AGENTS_AT_ONCE=3", AGENTS("\"junior-qa\",\"performance\""),
                    "alone");
}

static void a_manifest_may_name_another_stage(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "performance", PATIENT);
    plugin_that_meets("performance", ",\"stage\":1", "junior-qa", PATIENT);
    assert_first_is("named", "AGNOSTIC_AGENTS_AT_ONCE=3", AGENTS("\"junior-qa\",\"performance\""),
                    "together");
}

static void who_needs_the_target_alone_works_alone(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "senior-qa", BRIEF);
    plugin_that_meets("senior-qa", ",\"needs\":{\"target\":\"alone\"}", "junior-qa", BRIEF);
    assert_first_is("alone", "AGNOSTIC_AGENTS_AT_ONCE=3", TWO, "alone");
}

#define AT_TARGET(constraints)                                                                     \
    "{\"title\":\"T\",\"description\":\"D\",\"target_url\":\"http://127.0.0.1:9/"                  \
    "\",\"constraints\":\"" constraints "\",\"agents\":[\"junior-qa\",\"senior-qa\"]}"
#define ALLOWED "AGNOSTIC_TARGET_ALLOW=127.0.0.1:9+load=40"

static void assert_rate_is(const char *id, const char *body, const char *expected) {
    static const char SEEN[] = "read -r task; s=${task#*'\"max_rps\":'}; s=${s%%,*}; " SAY;
    plugin("junior-qa", "", SEEN);
    plugin("senior-qa", "", SEEN);
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2", ALLOWED);
    order(id, body, LONG_MS);
    assert_result(id, "agent_results.junior-qa.summary", expected);
    assert_result(id, "agent_results.senior-qa.summary", expected);
    stop_runner(runner);
}

/* Half of what is permitted is for another session. */
static void those_side_by_side_share_the_rate(void **state_) {
    (void)state_;
    assert_rate_is("shared", AT_TARGET(""), "10");
    assert_rate_is("limited", AT_TARGET("max 6 rps"), "3");
}

static void where_one_request_a_second_is_permitted_one_works_at_a_time(void **state_) {
    (void)state_;
    plugin_that_meets("junior-qa", "", "senior-qa", BRIEF);
    plugin_that_meets("senior-qa", "", "junior-qa", BRIEF);
    forget_meetings();
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2", ALLOWED);
    order("slow", AT_TARGET("max 1 rps"), LONG_MS);
    assert_result("slow", "agent_results.junior-qa.summary", "alone");
    stop_runner(runner);
}

static void one_that_crashes_disturbs_no_other(void **state_) {
    (void)state_;
    plugin("junior-qa", "", "sleep 0.5; s=whole; " SAY);
    plugin("senior-qa", "", "sleep 100 & kill -SEGV $$");
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order("crash", TWO, LONG_MS);
    assert_result("crash", "agent_results.junior-qa.summary", "whole");
    assert_result("crash", "agent_results.senior-qa.reason", "agent_crashed");
    assert_result("crash", "verdict.status", "INCOMPLETE");
    stop_runner(runner);
}

static void a_cancelled_task_ends_all_of_them(void **state_) {
    (void)state_;
    enum task_state was;
    plugin("junior-qa", "", "sleep 94251");
    plugin("senior-qa", "", "sleep 94252");
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order("both", TWO, LONG_MS);
    assert_true(appears("94251"));
    assert_true(appears("94252"));
    assert_int_equal(task_store_cancel(store, "both", &was), ERR_OK);
    assert_true(disappears("94251"));
    assert_true(disappears("94252"));
    stop_runner(runner);
}

static bool is_pending(const char *id) {
    return strcmp(state(id), "pending") == 0;
}

static void a_temporary_failure_of_one_ends_the_others(void **state_) {
    (void)state_;
    plugin("junior-qa", "", "sleep 94253");
    plugin("senior-qa", "", "sleep 1; exit 75");
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order("again", TWO, LONG_MS);
    assert_true(appears("94253"));
    assert_true(disappears("94253"));
    assert_true(becomes(is_pending, "again"));
    /* The other was in order: nobody is to read that it failed. */
    assert_null(strstr(ask("XRANGE task:again:events - +"), "agent_ended"));
    stop_runner(runner);
}

static void all_of_them_die_with_their_slot_and_begin_again(void **state_) {
    (void)state_;
    plugin("junior-qa", "",
           "read -r task; s=first; case $task in *'\"attempt\":1,'*) sleep 94254 ;; "
           "*) s=again ;; esac; " SAY);
    plugin("senior-qa", "",
           "read -r task; s=x; case $task in *'\"attempt\":1,'*) sleep 94255 ;; "
           "esac; " SAY);
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order("slot", TWO, LONG_MS);
    assert_true(appears("94254"));
    assert_true(appears("94255"));
    kill(slot_of("slot"), SIGKILL);
    assert_true(disappears("94254"));
    assert_true(disappears("94255"));
    assert_result("slot", "agent_results.junior-qa.summary", "again");
    stop_runner(runner);
}

static void own_checks_are_told_to_nobody_but_who_carries_them_out(void **state_) {
    (void)state_;
    static const char SEEN[] =
        "read -r task; s=none; case $task in *hunter2*) s=told ;; esac; " SAY;
    plugin("junior-qa", "", SEEN);
    plugin("senior-qa", "", SEEN);
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order(
        "own",
        AGENTS(
            "\"junior-qa\",\"senior-qa\"],\"checks\":[{\"name\":\"a\",\"request\":{\"path\":\"/\","
            "\"body\":\"hunter2\"},\"asserts\":[{\"query\":\"body\",\"predicate\":\"exists\"}]}"),
        LONG_MS);
    assert_result("own", "agent_results.junior-qa.summary", "told");
    assert_result("own", "agent_results.senior-qa.summary", "none");
    stop_runner(runner);
}

static void each_line_of_the_log_names_its_agent(void **state_) {
    (void)state_;
    plugin("junior-qa", "", "echo early >&2; sleep 0.5; echo late >&2; s=x; " SAY);
    plugin("senior-qa", "", "sleep 0.2; echo between >&2; sleep 0.5; s=x; " SAY);
    pid_t runner = START("AGNOSTIC_AGENTS_AT_ONCE=2");
    order("log", TWO, LONG_MS);
    json_free(await("log"));
    const char *log = ask("GET task:log:log");
    assert_non_null(strstr(log, "junior-qa stderr: early"));
    assert_non_null(strstr(log, "senior-qa stderr: between"));
    assert_non_null(strstr(log, "junior-qa stderr: late"));
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(agents_of_a_stage_work_side_by_side),
        TEST(no_more_of_them_than_the_setting_says),
        TEST(the_next_stage_waits),
        TEST(a_manifest_may_name_another_stage),
        TEST(who_needs_the_target_alone_works_alone),
        TEST(those_side_by_side_share_the_rate),
        TEST(where_one_request_a_second_is_permitted_one_works_at_a_time),
        TEST(one_that_crashes_disturbs_no_other),
        TEST(a_cancelled_task_ends_all_of_them),
        TEST(a_temporary_failure_of_one_ends_the_others),
        TEST(all_of_them_die_with_their_slot_and_begin_again),
        TEST(own_checks_are_told_to_nobody_but_who_carries_them_out),
        TEST(each_line_of_the_log_names_its_agent),
    };
    return RUN_DAEMON(tests);
}

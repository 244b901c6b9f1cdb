/* How far a task is, in a room that its readers have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "runner/progress.h"

static struct progress progress;
static size_t begun;
static struct outcome *owned[PROGRESS_AGENTS_MAX];

static int forget(void **state) {
    (void)state;
    for (size_t i = 0; i < PROGRESS_AGENTS_MAX; i++) {
        outcome_free(owned[i]);
        owned[i] = NULL;
    }
    progress = (struct progress){0};
    begun = 0;
    return 0;
}

static void plan(const char *name) {
    progress.names[progress.total++] = name;
}

static struct outcome *start_next(void) {
    size_t i = begun++;
    assert_int_equal(outcome_new(progress.names[i], ROLE_QA_MANAGER, &owned[i]), ERR_OK);
    progress.outcomes[i] = owned[i];
    return owned[i];
}

static void end_next(enum outcome_status status) {
    outcome_end(start_next(), status, "reason", NULL);
    progress.ended[begun - 1] = true;
}

static void assert_put(const char *expected) {
    struct buf buf;
    buf_init(&buf, 1 << 16);
    progress_put(&progress, &buf);
    assert_string_equal(buf_str(&buf), expected);
    buf_done(&buf);
}

static void every_agent_has_its_state(void **state) {
    (void)state;
    plan("qa-manager");
    plan("performance");
    plan("senior-qa");
    end_next(OUTCOME_COMPLETED);
    assert_int_equal(
        outcome_line(start_next(), TEXT("{\"v\":1,\"type\":\"progress\",\"percent\":40}")), ERR_OK);
    assert_put("{\"percent\":46,\"done\":1,\"total\":3,\"agent\":\"performance\","
               "\"agent_percent\":40,\"agents\":{\"qa-manager\":\"completed\","
               "\"performance\":\"running\",\"senior-qa\":\"waiting\"}}");
}

static void those_that_run_side_by_side_count_together(void **state) {
    (void)state;
    plan("junior-qa");
    plan("performance");
    assert_int_equal(
        outcome_line(start_next(), TEXT("{\"v\":1,\"type\":\"progress\",\"percent\":40}")), ERR_OK);
    end_next(OUTCOME_COMPLETED);
    assert_put(
        "{\"percent\":70,\"done\":1,\"total\":2,\"agent\":\"junior-qa\",\"agent_percent\":40,"
        "\"agents\":{\"junior-qa\":\"running\",\"performance\":\"completed\"}}");
}

static void nothing_is_said_that_is_not_known(void **state) {
    (void)state;
    assert_put("{\"percent\":0,\"done\":0,\"total\":0,\"agents\":{}}");
    plan("performance");
    start_next();
    assert_put("{\"percent\":0,\"done\":0,\"total\":1,\"agent\":\"performance\","
               "\"agents\":{\"performance\":\"running\"}}");
}

static void the_end_is_a_hundred(void **state) {
    (void)state;
    plan("performance");
    end_next(OUTCOME_FAILED);
    assert_put("{\"percent\":100,\"done\":1,\"total\":1,\"agents\":{\"performance\":\"failed\"}}");
}

static void it_fits_however_many_agents_there_are(void **state) {
    (void)state;
    static char names[PROGRESS_AGENTS_MAX][MANIFEST_NAME_SIZE];
    struct buf buf;
    for (size_t i = 0; i < PROGRESS_AGENTS_MAX; i++) {
        snprintf(names[i], sizeof(names[i]), "%064zu", i);
        plan(names[i]);
    }
    end_next(OUTCOME_COMPLETED);
    start_next();
    buf_init(&buf, 1 << 16);
    progress_put(&progress, &buf);
    assert_true(buf.len <= PROGRESS_MAX_BYTES);
    assert_int_equal(json_check(buf_text(&buf), &JSON_LIMITS_REQUEST, NULL), ERR_OK);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_agent_has_its_state, forget),
        cmocka_unit_test_teardown(those_that_run_side_by_side_count_together, forget),
        cmocka_unit_test_teardown(nothing_is_said_that_is_not_known, forget),
        cmocka_unit_test_teardown(the_end_is_a_hundred, forget),
        cmocka_unit_test_teardown(it_fits_however_many_agents_there_are, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

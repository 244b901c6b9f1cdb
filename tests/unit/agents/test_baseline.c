/* Goal: a slower session is suspected against one earlier, confirmed by the next or against three;
 * faster ones and noise are no regression; other parameters are never compared. */
#include <stdio.h>
#include <unistd.h>

#include "agents/performance/baseline.h"
#include "noise.h"
#include "unit.h"

enum { BLOCKS = 20 };

static struct baseline_session session_at(double level, unsigned int *seed) {
    struct baseline_session session = {.name = "session_x"};
    for (size_t i = 0; i < BLOCKS; i++) {
        session.values[BASELINE_P50][i] = noise_around(level, 0.03, seed);
        session.values[BASELINE_P95][i] = noise_around(2 * level, 0.03, seed);
        session.values[BASELINE_RATE][i] = 100;
    }
    for (int m = 0; m < BASELINE__COUNT; m++)
        session.count[m] = BLOCKS;
    return session;
}

/* levels: the newest first, the first is now. */
static enum baseline_state state_of(const double *levels, size_t n) {
    static struct baseline baseline;
    unsigned int seed = NOISE_SEED;
    struct baseline_session now = session_at(levels[0], &seed);
    baseline.count = n - 1;
    for (size_t i = 1; i < n; i++)
        baseline.sessions[i - 1] = session_at(levels[i], &seed);
    return baseline_compare(&baseline, &now).state;
}

#define STATE_OF(...)                                                                              \
    state_of((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void a_slower_session_is_suspected_then_confirmed(void **state) {
    (void)state;
    assert_int_equal(STATE_OF(130, 100), BASELINE_SUSPECTED);
    assert_int_equal(STATE_OF(130, 100, 100), BASELINE_SUSPECTED);
    assert_int_equal(STATE_OF(130, 130, 100), BASELINE_CONFIRMED);
    assert_int_equal(STATE_OF(130, 100, 100, 100), BASELINE_CONFIRMED);
    assert_int_equal(STATE_OF(130, 130, 130, 100), BASELINE_STEADY);
}

static void an_unchanged_or_faster_session_is_no_regression(void **state) {
    (void)state;
    assert_int_equal(STATE_OF(100), BASELINE_NONE);
    assert_int_equal(STATE_OF(100, 100, 100, 100), BASELINE_STEADY);
    assert_int_equal(STATE_OF(100, 130, 100), BASELINE_IMPROVED);
    assert_int_equal(STATE_OF(0.6, 0.4, 0.4, 0.4), BASELINE_STEADY); /* under 1 ms */
}

static void a_rise_in_small_steps_is_a_change_point(void **state) {
    (void)state;
    assert_int_equal(STATE_OF(112, 112, 108, 104, 100, 100, 100, 100, 100, 100, 100, 100),
                     BASELINE_CONFIRMED);
}

static void fewer_answers_are_a_regression(void **state) {
    unsigned int seed = NOISE_SEED;
    static struct baseline baseline = {.count = 1};
    (void)state;
    struct baseline_session now = session_at(100, &seed);
    baseline.sessions[0] = session_at(100, &seed);
    for (size_t i = 0; i < BLOCKS; i++)
        now.values[BASELINE_RATE][i] = 80;
    struct baseline_verdict verdict = baseline_compare(&baseline, &now);
    assert_int_equal(verdict.state, BASELINE_SUSPECTED);
    assert_int_equal(verdict.measure, BASELINE_RATE);
}

static void a_memo_is_read_back_for_its_own_parameters(void **state) {
    char path[] = "/tmp/baseline.XXXXXX";
    unsigned int seed = NOISE_SEED;
    struct baseline_session now = session_at(100, &seed);
    struct baseline *baseline = NULL;
    struct buf memo;
    struct json_out out;
    (void)state;
    buf_init(&memo, 64 << 10);
    json_out_init(&out, &memo);
    baseline_put_memo(&now, "same", &out);
    assert_true(memo.len < 8 << 10);
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    fprintf(file, "not JSON\n{\"session_id\":\"s1\",\"agents\":{\"performance\":{\"memo\":%s}}}\n",
            buf_str(&memo));
    fclose(file);
    assert_int_equal(baseline_read(path, "performance", "same", &baseline), ERR_OK);
    assert_int_equal(baseline->count, 1);
    assert_string_equal(baseline->sessions[0].name, "s1");
    assert_memory_equal(baseline->sessions[0].values, now.values, sizeof(now.values));
    free(baseline);
    assert_int_equal(baseline_read(path, "performance", "other", &baseline), ERR_OK);
    assert_int_equal(baseline->count, 0);
    free(baseline);
    unlink(path);
    buf_done(&memo);
    assert_int_equal(baseline_read(path, "performance", "same", &baseline), ERR_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slower_session_is_suspected_then_confirmed),
        cmocka_unit_test(an_unchanged_or_faster_session_is_no_regression),
        cmocka_unit_test(a_rise_in_small_steps_is_a_change_point),
        cmocka_unit_test(fewer_answers_are_a_regression),
        cmocka_unit_test(a_memo_is_read_back_for_its_own_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

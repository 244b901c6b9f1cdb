/* How fast a target is asked: never faster than its rate, slower when it asks for that. */
#include "check.h"

#include <stdlib.h>

#include "agnostic/probe/bucket.h"

enum { SECOND_US = 1000000, TAKEN_MAX = 4096 };

/* Whatever the waits between requests: the moments of each, as one who waits its turn has them. */
static size_t taken(int64_t rate, unsigned seed, int64_t lull_us, int64_t *moments, size_t max) {
    struct bucket bucket;
    int64_t now = 5 * SECOND_US;
    bucket_init(&bucket, rate);
    srand(seed);
    for (size_t i = 0; i < max; i++) {
        now += lull_us > 0 ? rand() % lull_us : 0;
        now += bucket_wait_us(&bucket, now);
        assert_int_equal(bucket_wait_us(&bucket, now), 0);
        bucket_take(&bucket, now);
        moments[i] = now;
    }
    return max;
}

static size_t most_in_a_second(const int64_t *moments, size_t count) {
    size_t most = 0;
    for (size_t first = 0, last = 0; last < count; last++) {
        while (moments[last] - moments[first] >= SECOND_US)
            first++;
        most = last - first + 1 > most ? last - first + 1 : most;
    }
    return most;
}

static void no_second_sees_more_than_the_rate(void **state) {
    (void)state;
    static const int64_t RATES[] = {1, 2, 3, 5, 9, 10, 11, 20, 50, 99, 100, 1000};
    static int64_t moments[TAKEN_MAX];
    for (size_t r = 0; r < sizeof(RATES) / sizeof(RATES[0]); r++)
        for (unsigned seed = 0; seed < 20; seed++) {
            size_t max = RATES[r] >= 1000 ? TAKEN_MAX : 512;
            size_t count = taken(RATES[r], seed, seed * SECOND_US / 10 / RATES[r], moments, max);
            assert_true(most_in_a_second(moments, count) <= (size_t)RATES[r]);
        }
}

static void one_who_only_waits_gets_nearly_the_rate(void **state) {
    (void)state;
    int64_t moments[200];
    taken(20, 0, 0, moments, 200);
    int64_t spent_us = moments[199] - moments[0];
    assert_true(spent_us < 200 * SECOND_US / 17);
}

static void what_was_not_used_may_be_made_up_for(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bucket_wait_us(&bucket, SECOND_US), 0);
        bucket_take(&bucket, SECOND_US);
    }
    assert_true(bucket_wait_us(&bucket, SECOND_US) > 0);
}

static void no_rate_is_below_one_a_second(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 0);
    bucket_take(&bucket, 0);
    assert_int_equal(bucket_wait_us(&bucket, 0), SECOND_US);
}

static void too_many_requests_halve_the_rate_and_pause(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    bucket_take(&bucket, 0);
    bucket_heed(&bucket, 429, 7, 1000);
    assert_int_equal(bucket.rate, 10);
    assert_int_equal(bucket_wait_us(&bucket, 1000), 7 * SECOND_US);
    bucket_take(&bucket, 7 * SECOND_US + 1000);
    assert_true(bucket_wait_us(&bucket, 7 * SECOND_US + 1000) > SECOND_US / 10);
}

static void without_a_time_the_pause_is_a_second(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    bucket_heed(&bucket, 429, 0, 0);
    assert_int_equal(bucket_wait_us(&bucket, 0), BUCKET_PAUSE_MS * 1000);
}

static void no_pause_is_longer_than_its_limit(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    bucket_heed(&bucket, 503, INT64_MAX, 0);
    assert_int_equal(bucket_wait_us(&bucket, 0), BUCKET_PAUSE_MAX_MS * 1000);
}

static void other_answers_change_nothing(void **state) {
    (void)state;
    static const int STATUS[] = {200, 302, 404, 500, 503, 504};
    struct bucket bucket;
    bucket_init(&bucket, 20);
    for (size_t i = 0; i < sizeof(STATUS) / sizeof(STATUS[0]); i++)
        bucket_heed(&bucket, STATUS[i], 0, 0);
    bucket_heed(&bucket, 301, 60, 0);
    assert_int_equal(bucket.rate, 20);
    assert_int_equal(bucket_wait_us(&bucket, 0), 0);
}

static void however_often_asked_it_goes_on_at_one_a_second(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    for (int i = 0; i < 100; i++)
        bucket_heed(&bucket, 429, 1, 0);
    assert_int_equal(bucket.rate, 1);
    assert_true(bucket_wait_us(&bucket, 0) <= SECOND_US);
}

static void times(struct bucket *bucket, int count, int64_t us) {
    for (int i = 0; i < count; i++)
        bucket_time(bucket, us);
}

static void a_target_that_gets_five_times_as_slow_is_asked_once_a_second(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    times(&bucket, BUCKET_TIMES, 80000);
    times(&bucket, BUCKET_TIMES / 2, 900000);
    assert_int_equal(bucket.rate, 20); /* some slow pages are no strain */
    times(&bucket, 1, 900000);
    assert_int_equal(bucket.rate, 1);
}

static void a_target_that_was_always_slow_or_is_still_quick_is_under_no_strain(void **state) {
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 20);
    times(&bucket, 2 * BUCKET_TIMES, 900000);
    assert_int_equal(bucket.rate, 20);
    bucket_init(&bucket, 20);
    times(&bucket, BUCKET_TIMES, 1000);
    times(&bucket, BUCKET_TIMES, 40000);
    assert_int_equal(bucket.rate, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_second_sees_more_than_the_rate),
        cmocka_unit_test(one_who_only_waits_gets_nearly_the_rate),
        cmocka_unit_test(what_was_not_used_may_be_made_up_for),
        cmocka_unit_test(no_rate_is_below_one_a_second),
        cmocka_unit_test(too_many_requests_halve_the_rate_and_pause),
        cmocka_unit_test(without_a_time_the_pause_is_a_second),
        cmocka_unit_test(no_pause_is_longer_than_its_limit),
        cmocka_unit_test(other_answers_change_nothing),
        cmocka_unit_test(a_target_that_gets_five_times_as_slow_is_asked_once_a_second),
        cmocka_unit_test(a_target_that_was_always_slow_or_is_still_quick_is_under_no_strain),
        cmocka_unit_test(however_often_asked_it_goes_on_at_one_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

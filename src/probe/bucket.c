/* A bucket as one moment: how far ahead of the clock it lies is what was taken and not yet
 * earned. Reads no clock. */
#include "agnostic/probe/bucket.h"

#include <stdlib.h>
#include <string.h>

enum { SECOND_US = 1000000, SECOND_MS = 1000, TOO_MANY = 429, UNAVAILABLE = 503 };

/* What may come at once is taken off the rate, so that both together stay below it. */
static void set_rate(struct bucket *bucket, int64_t rate) {
    bucket->rate = rate < 1 ? 1 : rate;
    int64_t burst = bucket->rate / BUCKET_BURST_SHARE, steady = bucket->rate - burst;
    bucket->interval_us = (SECOND_US + steady - 1) / steady;
    bucket->ahead_us = burst * bucket->interval_us;
}

void bucket_init(struct bucket *bucket, int64_t rate) {
    *bucket = (struct bucket){0};
    set_rate(bucket, rate);
}

int64_t bucket_wait_us(const struct bucket *bucket, int64_t now_us) {
    int64_t wait_us = bucket->full_us - bucket->ahead_us - now_us;
    return wait_us > 0 ? wait_us : 0;
}

void bucket_take(struct bucket *bucket, int64_t now_us) {
    if (bucket->full_us < now_us)
        bucket->full_us = now_us;
    bucket->full_us += bucket->interval_us;
}

static int64_t pause_ms(int64_t retry_after_s) {
    if (retry_after_s <= 0)
        return BUCKET_PAUSE_MS;
    return retry_after_s > BUCKET_PAUSE_MAX_MS / SECOND_MS ? BUCKET_PAUSE_MAX_MS
                                                           : retry_after_s * SECOND_MS;
}

void bucket_heed(struct bucket *bucket, int status, int64_t retry_after_s, int64_t now_us) {
    if (status != TOO_MANY && !(status == UNAVAILABLE && retry_after_s > 0))
        return;
    int64_t wait_us = bucket_wait_us(bucket, now_us),
            pause_us = pause_ms(retry_after_s) * SECOND_MS;
    set_rate(bucket, bucket->rate / 2);
    bucket->full_us = now_us + (wait_us > pause_us ? wait_us : pause_us) + bucket->ahead_us;
}

static int by_time(const void *a, const void *b) {
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int64_t median_us(const struct bucket *bucket) {
    int64_t sorted[BUCKET_TIMES];
    memcpy(sorted, bucket->times_us, sizeof(sorted));
    qsort(sorted, BUCKET_TIMES, sizeof(sorted[0]), by_time);
    return sorted[BUCKET_TIMES / 2];
}

void bucket_time(struct bucket *bucket, int64_t us) {
    bucket->times_us[bucket->times++ % BUCKET_TIMES] = us;
    if (bucket->times < BUCKET_TIMES)
        return;
    int64_t now_us = median_us(bucket);
    if (bucket->first_us == 0)
        bucket->first_us = now_us > 0 ? now_us : 1;
    else if (now_us > BUCKET_STRAIN_MIN_US && now_us / BUCKET_STRAIN > bucket->first_us)
        set_rate(bucket, 1);
}

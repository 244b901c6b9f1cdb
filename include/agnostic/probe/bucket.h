/* bucket: how fast a target may be asked. One bucket for everything that one agent sends to it,
 * connections and requests alike. Whoever is asked to slow down is asked less from then on. */
#ifndef AGNOSTIC_PROBE_BUCKET_H
#define AGNOSTIC_PROBE_BUCKET_H

#include <stdint.h>

enum {
    BUCKET_PAUSE_MS = 1000,      /* after a 429 that names no time */
    BUCKET_PAUSE_MAX_MS = 30000, /* whatever Retry-After says */
    BUCKET_BURST_SHARE = 10,     /* what was not used may be made up for: a tenth of the rate */
    BUCKET_TIMES = 9,            /* answers whose median is looked at */
    BUCKET_STRAIN = 5,           /* times what answers took at first is too much for a target ... */
    BUCKET_STRAIN_MIN_US = 250000 /* ... that takes this long, too */
};

struct bucket {
    int64_t rate;                   /* requests a second, at least 1 */
    int64_t interval_us;            /* between two requests, when none is made up for */
    int64_t ahead_us;               /* how far full_us may lie ahead of a request */
    int64_t full_us;                /* when all that was taken has been earned; monotonic clock */
    int64_t first_us;               /* median of the first BUCKET_TIMES answers, 0: not yet */
    int64_t times_us[BUCKET_TIMES]; /* of the last ones */
    uint64_t times;
};

/* bucket_init(bucket, rate): no half-open second sees more than rate requests; less than 1 is
 * taken for 1. */
void bucket_init(struct bucket *bucket, int64_t rate);
/* bucket_wait_us(bucket, now_us): how long until the next request may be sent; 0: at once. */
int64_t bucket_wait_us(const struct bucket *bucket, int64_t now_us);
/* bucket_take(bucket, now_us): one is sent now. Only after the wait. */
void bucket_take(struct bucket *bucket, int64_t now_us);
/* bucket_heed(bucket, status, retry_after_s, now_us): an answer's status. 429, and 503 that names a
 * time, halve the rate (never below 1) and nothing is sent for that time. */
void bucket_heed(struct bucket *bucket, int status, int64_t retry_after_s, int64_t now_us);
/* bucket_time(bucket, us): how long an answer took. When the median of the last BUCKET_TIMES has
 * grown to BUCKET_STRAIN times that of the first, the rate is one a second from then on: it may be
 * us whom the target cannot bear. */
void bucket_time(struct bucket *bucket, int64_t us);

#endif

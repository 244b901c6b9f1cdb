/* time: reading the clocks, and moments as text. The only file that formats time. */
#include "agnostic/base/time.h"

#include <stdio.h>
#include <time.h>

enum { US_PER_S = 1000000, S_PER_MIN = 60, MIN_PER_H = 60 };

int64_t time_wall_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

int64_t time_mono_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t time_mono_ms(void) {
    return time_mono_us() / 1000;
}

/* Floor division, so that moments before 1970 keep a fraction in 0..999999. */
static time_t seconds_of(int64_t us, long *ret_fraction_us) {
    int64_t fraction = us % US_PER_S;
    if (fraction < 0)
        fraction += US_PER_S;
    *ret_fraction_us = (long)fraction;
    return (time_t)((us - fraction) / US_PER_S);
}

static void write_moment(const struct tm *tm, long fraction_us, const char *zone, char *dst) {
    size_t len = strftime(dst, TIME_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", tm);
    if (fraction_us != 0)
        snprintf(dst + len, TIME_ISO_SIZE - len, ".%06ld%s", fraction_us, zone);
    else
        snprintf(dst + len, TIME_ISO_SIZE - len, "%s", zone);
}

void time_iso_utc(int64_t us, char dst[static TIME_ISO_SIZE]) {
    long fraction;
    time_t seconds = seconds_of(us, &fraction);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    write_moment(&tm, fraction, "+00:00", dst);
}

void time_iso_local(int64_t us, char dst[static TIME_ISO_SIZE]) {
    long fraction;
    time_t seconds = seconds_of(us, &fraction);
    struct tm tm = {0};
    localtime_r(&seconds, &tm);
    write_moment(&tm, fraction, "", dst);
}

void time_rfc3339_ms(int64_t us, char dst[static TIME_ISO_SIZE]) {
    long fraction;
    time_t seconds = seconds_of(us, &fraction);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    size_t len = strftime(dst, TIME_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(dst + len, TIME_ISO_SIZE - len, ".%03ldZ", fraction / 1000);
}

/* --- reading ---------------------------------------------------------------- */

/* Takes exactly `digits` digits off the front of t, within [min, max]. */
static bool take_number(struct text *t, size_t digits, int min, int max, int *ret_n) {
    uint64_t n;
    if (t->len < digits || !text_u64(text_make(t->ptr, digits), (uint64_t)max, &n) || (int)n < min)
        return false;
    *ret_n = (int)n;
    *t = text_make(t->ptr + digits, t->len - digits);
    return true;
}

static bool take_char(struct text *t, const char *any_of) {
    for (; t->len > 0 && *any_of != '\0'; any_of++)
        if (t->ptr[0] == *any_of) {
            *t = text_make(t->ptr + 1, t->len - 1);
            return true;
        }
    return false;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct text *t, struct tm *tm) {
    int year, month, day;
    if (!take_number(t, 4, 1, 9999, &year) || !take_char(t, "-") ||
        !take_number(t, 2, 1, 12, &month) || !take_char(t, "-") ||
        !take_number(t, 2, 1, days_in_month(year, month), &day))
        return false;
    tm->tm_year = year - 1900;
    tm->tm_mon = month - 1;
    tm->tm_mday = day;
    return true;
}

static bool take_clock(struct text *t, struct tm *tm) {
    return take_number(t, 2, 0, 23, &tm->tm_hour) && take_char(t, ":") &&
           take_number(t, 2, 0, 59, &tm->tm_min) && take_char(t, ":") &&
           take_number(t, 2, 0, 60, &tm->tm_sec); /* 60: RFC 3339 knows leap seconds */
}

/* Optional; digits beyond microseconds are dropped. */
static bool take_fraction(struct text *t, int *ret_us) {
    int us = 0, scale = US_PER_S, digit;
    if (!take_char(t, ".")) {
        *ret_us = 0;
        return true;
    }
    if (!take_number(t, 1, 0, 9, &digit))
        return false;
    do {
        scale /= 10;
        us += digit * scale;
    } while (take_number(t, 1, 0, 9, &digit));
    *ret_us = us;
    return true;
}

/* Optional; no offset means UTC. */
static bool take_offset(struct text *t, int *ret_s) {
    int hours = 0, minutes = 0;
    bool minus = t->len > 0 && t->ptr[0] == '-';
    if (t->len > 0 && !take_char(t, "Zz") &&
        (!take_char(t, "+-") || !take_number(t, 2, 0, 23, &hours) || !take_char(t, ":") ||
         !take_number(t, 2, 0, 59, &minutes)))
        return false;
    int seconds = (hours * MIN_PER_H + minutes) * S_PER_MIN;
    *ret_s = minus ? -seconds : seconds;
    return t->len == 0;
}

bool time_parse_iso(struct text text, int64_t *ret_us) {
    struct tm tm = {0};
    int fraction_us, offset_s;
    if (!take_date(&text, &tm) || !take_char(&text, "Tt ") || !take_clock(&text, &tm) ||
        !take_fraction(&text, &fraction_us) || !take_offset(&text, &offset_s))
        return false;
    *ret_us = ((int64_t)timegm(&tm) - offset_s) * US_PER_S + fraction_us;
    return true;
}

void time_sleep_ms(int64_t ms) {
    if (ms <= 0)
        return;
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&span, NULL);
}

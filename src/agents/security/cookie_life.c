/* Lifetimes of cookies. Dates are read as leniently as browsers do. */
#include "agents/security/cookie_life.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"

static const int64_t MAX_AGE_MAX_S = INT64_C(100) * 366 * 86400; /* what is longer counts so */

struct moment {
    int day, month, year, hour, minute, second; /* -1: not met yet */
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The number at the front of t, of at most max digits; behind it *ret_rest. -1: none. */
static int number(struct text t, size_t max, struct text *ret_rest) {
    int value = 0;
    size_t n = 0;
    while (n < t.len && n < max && is_digit(t.ptr[n]))
        value = value * 10 + (t.ptr[n++] - '0');
    *ret_rest = text_make(t.ptr + n, t.len - n);
    return n == 0 || (n < t.len && is_digit(t.ptr[n])) ? -1 : value;
}

/* "15:04:05" */
static bool read_clock(struct text token, struct moment *moment) {
    int parts[3];
    for (int i = 0; i < 3; i++) {
        parts[i] = number(token, 2, &token);
        bool ends = i == 2 || text_starts(token, TEXT(":"));
        if (parts[i] < 0 || !ends)
            return false;
        if (i < 2)
            token = text_make(token.ptr + 1, token.len - 1);
    }
    moment->hour = parts[0];
    moment->minute = parts[1];
    moment->second = parts[2];
    return true;
}

static int month_of(struct text token) {
    static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int i = 0; token.len >= 3 && i < 12; i++)
        if (text_ieq(text_make(token.ptr, 3), text_make(MONTHS + 3 * (size_t)i, 3)))
            return i + 1;
    return -1;
}

static void read_token(struct text token, struct moment *moment) {
    struct text rest;
    int month = month_of(token), day = number(token, 2, &rest), year = number(token, 4, &rest);
    if (moment->hour < 0 && read_clock(token, moment))
        return;
    if (moment->day < 0 && day >= 0)
        moment->day = day;
    else if (moment->month < 0 && month >= 0)
        moment->month = month;
    else if (moment->year < 0 && year >= 0)
        moment->year = year >= 100 ? year : year + (year < 70 ? 2000 : 1900);
}

static bool is_delimiter(char c) {
    return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') ||
           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

static bool read_date(struct text date, int64_t *ret_us) {
    struct moment moment = {-1, -1, -1, -1, -1, -1};
    char iso[TIME_ISO_SIZE];
    for (size_t at = 0, end; at < date.len; at = end + 1) {
        for (end = at; end < date.len && !is_delimiter(date.ptr[end]);)
            end++;
        if (end > at)
            read_token(text_make(date.ptr + at, end - at), &moment);
    }
    if (moment.day < 0 || moment.month < 0 || moment.year < 0 || moment.hour < 0)
        return false;
    snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02dZ", moment.year, moment.month,
             moment.day, moment.hour, moment.minute, moment.second);
    return time_parse_iso(text_of(iso), ret_us);
}

bool cookie_life(const struct cookie *cookie, int64_t now_s, int64_t *ret_seconds) {
    uint64_t age;
    int64_t end_us;
    if (cookie->has_max_age) {
        bool known = text_u64(cookie->max_age, UINT64_MAX, &age);
        if (known)
            *ret_seconds = age > (uint64_t)MAX_AGE_MAX_S ? MAX_AGE_MAX_S : (int64_t)age;
        return known;
    }
    if (cookie->expires.ptr == NULL || !read_date(cookie->expires, &end_us))
        return false;
    int64_t left = end_us / 1000000 - now_s;
    if (left > 0)
        *ret_seconds = left;
    return left > 0;
}

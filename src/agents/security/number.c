/* Numbers that mean something. Knows no page. */
#include "agents/security/number.h"

#include <string.h>

#include "agnostic/base/addr.h"
#include "agnostic/task/card.h"

enum {
    BEFORE = 120, /* bytes in which a word explains a number */
    BEFORE_IN_DATA = 32,
    AFTER = 60,
    DIGITS_MAX = 19,
    SAME_RUN_MAX = 5, /* equal digits in a row; test numbers have more */
    VALUES_MIN = 4,   /* different digits */
    QUAD_MAX = 15     /* "255.255.255.255" */
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The byte before or at a place, a blank outside of t. */
static char byte_before(struct text t, size_t at) {
    return at > 0 ? t.ptr[at - 1] : ' ';
}

static char byte_at(struct text t, size_t at) {
    return at < t.len ? t.ptr[at] : ' ';
}

static bool holds(struct text t, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_ifind(t, text_of(*words)) >= 0)
            return true;
    return false;
}

/* Up to `before` bytes before from and `after` bytes behind to. */
static struct text around(struct text t, size_t from, size_t before, size_t to, size_t after) {
    size_t start = from > before ? from - before : 0;
    size_t end = t.len - to > after ? to + after : t.len;
    return text_make(t.ptr + start, end - start);
}

/* --- cards ---------------------------------------------------------------------------------- */

/* Test numbers that look real, without their last digits. */
static const char *const TEST_NUMBERS[] = {
    "4242424242", "4012888888", "4012001037",       "40070000000", "49884388",
    "5105105105", "5200828282", "2223003122",       "3782822463",  "3714496353",
    "3787344936", "6011000990", "3530111333",       "3566002020",  "3056930902",
    "3852000002", "3622720627", "4539578763621486", "5555341244"};

static size_t digits_of(struct text number, char dst[static DIGITS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < number.len && count < DIGITS_MAX; i++)
        if (is_digit(number.ptr[i]))
            dst[count++] = number.ptr[i];
    return count;
}

/* Numbers of manuals: known ones, few different digits, long runs of one, counting up. */
static bool is_test_number(struct text number) {
    char bytes[DIGITS_MAX];
    struct text digits = text_make(bytes, digits_of(number, bytes));
    size_t values = 0, run = 1;
    for (char c = '0'; c <= '9'; c++)
        values += memchr(bytes, c, digits.len) != NULL;
    for (size_t i = 1; i < digits.len; i++) {
        run = bytes[i] == bytes[i - 1] ? run + 1 : 1;
        if (run > SAME_RUN_MAX)
            return true;
    }
    for (size_t i = 0; i < sizeof(TEST_NUMBERS) / sizeof(TEST_NUMBERS[0]); i++)
        if (text_starts(digits, text_of(TEST_NUMBERS[i])))
            return true;
    return values < VALUES_MIN || text_find(digits, TEXT("1234567")) >= 0;
}

/* 4-4-4-4 or 4-6-5, the way cards are printed. */
static bool is_grouped(struct text number) {
    char separator = number.len > 4 ? number.ptr[4] : '0';
    if (separator != ' ' && separator != '-')
        return false;
    bool fours = number.len == 19 && number.ptr[9] == separator && number.ptr[14] == separator;
    bool amex = number.len == 17 && number.ptr[11] == separator;
    return fours || amex;
}

/* A number of its own: no part of a name, a decimal, a path or a longer group (an IBAN). */
static bool stands_alone(struct text t, size_t from, size_t to) {
    char before = byte_before(t, from), after = byte_at(t, to);
    bool joined = is_alnum(before) || strchr(".-_/+#=$", before) != NULL || after == '_' ||
                  after == '/' || (after == '.' && is_digit(byte_at(t, to + 1)));
    bool grouped =
        (before == ' ' && from > 1 && is_alnum(t.ptr[from - 2]) && is_digit(t.ptr[from - 2])) ||
        (after == ' ' && is_digit(byte_at(t, to + 1)));
    return !joined && !grouped;
}

/* The next card number that stands alone and is no example, from *at on. */
static bool next_card(struct text t, size_t *at, size_t *ret_from) {
    while (*at < t.len) {
        size_t from = *at, len = is_digit(byte_before(t, from)) ? 0 : card_at(t, from);
        *at += len > 0 ? len : 1;
        if (len > 0 && stands_alone(t, from, from + len) &&
            !is_test_number(text_make(t.ptr + from, len))) {
            *ret_from = from;
            return true;
        }
    }
    return false;
}

static void found_card(struct text t, size_t from, size_t to, struct secret *ret_found) {
    *ret_found = (struct secret){text_make(t.ptr + from, to - from), "A card number",
                                 text_make(t.ptr + from, 4)};
}

bool number_card(struct text t, size_t *at, struct secret *ret_found) {
    static const char *const WORDS[] = {"card", "karte",      "carte",   "tarjeta",
                                        "visa", "mastercard", "maestro", "amex",
                                        "cvv",  "cvc",        NULL};
    size_t from;
    while (next_card(t, at, &from)) {
        struct text number = text_make(t.ptr + from, *at - from);
        if (!is_grouped(number) && !holds(around(t, from, BEFORE, *at, AFTER), WORDS))
            continue;
        found_card(t, from, *at, ret_found);
        return true;
    }
    return false;
}

bool number_card_in_data(struct text t, size_t *at, struct secret *ret_found) {
    static const char *const WORDS[] = {"cardnum", "card_num", "card-num", "ccnum", "cc_num",
                                        "cardno",  "card_no",  "\"pan\"",  NULL};
    size_t from;
    while (next_card(t, at, &from)) {
        if (!holds(around(t, from, BEFORE_IN_DATA, from, 0), WORDS))
            continue;
        found_card(t, from, *at, ret_found);
        return true;
    }
    return false;
}

/* --- addresses ------------------------------------------------------------------------------ */

static const char *const EVERYBODYS[] = {"192.168.0.1", "192.168.1.1",   "192.168.1.254",
                                         "10.0.0.1",    "192.168.2.1",   "192.168.0.254",
                                         "10.0.0.138",  "192.168.100.1", "192.168.178.1"};

/* Bytes of digits and `separator` at the start of t. */
static size_t run_of(struct text t, char separator) {
    size_t len = 0;
    while (len < t.len && (is_digit(t.ptr[len]) || t.ptr[len] == separator))
        len++;
    return len;
}

static bool is_private(struct text quad) {
    struct addr addr;
    for (size_t i = 0; i < sizeof(EVERYBODYS) / sizeof(EVERYBODYS[0]); i++)
        if (text_is(quad, EVERYBODYS[i]))
            return false;
    return !text_ends(quad, TEXT(".0")) && !text_ends(quad, TEXT(".255")) &&
           addr_parse(quad, &addr) && addr_classify(&addr) == ADDR_PRIVATE;
}

/* "version 10.2.3.4" */
static bool is_version(struct text t, size_t from) {
    static const char *const WORDS[] = {"version", "release", "build", "v.", "rev", "ver ", NULL};
    return holds(around(t, from, 12, from, 0), WORDS);
}

/* The length of an address at t[at], 0 for none: "http://10.1.2.3", not "Chrome/10.1.2.3". */
static size_t quad_at(struct text t, size_t at) {
    char before = byte_before(t, at);
    bool product = before == '/' && at > 1 && t.ptr[at - 2] != '/' && t.ptr[at - 2] != '\\';
    if (t.ptr[at] != '1' || is_alnum(before) || strchr(".-_", before) != NULL || product)
        return 0;
    struct text rest = text_make(t.ptr + at, t.len - at);
    size_t len = run_of(rest, '.');
    while (len > 0 && rest.ptr[len - 1] == '.')
        len--;
    char after = byte_at(rest, len);
    bool network = after == '/' && is_digit(byte_at(rest, len + 1));
    bool goes_on = is_alnum(after) || after == '-' || after == '_' || network;
    return len <= QUAD_MAX && !goes_on && is_private(text_make(rest.ptr, len)) ? len : 0;
}

/* The length of "ip-10-1-2-3" at t[at], 0 for none. */
static size_t named_at(struct text t, size_t at) {
    struct text rest = text_make(t.ptr + at, t.len - at);
    char quad[QUAD_MAX + 1];
    if (!text_starts(rest, TEXT("ip-1")) || is_alnum(byte_before(t, at)))
        return 0;
    size_t len = run_of(text_make(rest.ptr + 3, rest.len - 3), '-');
    if (len > QUAD_MAX || is_alnum(byte_at(rest, 3 + len)))
        return 0;
    for (size_t i = 0; i < len; i++)
        quad[i] = rest.ptr[3 + i] == '-' ? '.' : rest.ptr[3 + i];
    return is_private(text_make(quad, len)) ? 3 + len : 0;
}

static bool next_address(struct text t, size_t *at, bool in_data, struct secret *ret_found) {
    for (; *at < t.len; ++*at) {
        size_t len = 0;
        if (t.ptr[*at] == '1')
            len = quad_at(t, *at);
        else if (t.ptr[*at] == 'i')
            len = named_at(t, *at);
        bool quoted = strchr("\"'`/@", byte_before(t, *at)) != NULL;
        if (len == 0 || (in_data && !quoted) || is_version(t, *at))
            continue;
        struct text found = text_make(t.ptr + *at, len);
        *ret_found = (struct secret){found, "An internal address", found};
        *at += len;
        return true;
    }
    return false;
}

bool number_address(struct text t, size_t *at, struct secret *ret_found) {
    return next_address(t, at, false, ret_found);
}

bool number_address_in_data(struct text t, size_t *at, struct secret *ret_found) {
    return next_address(t, at, true, ret_found);
}

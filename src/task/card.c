/* card: issuer ranges and the Luhn check. Must not know what the text is for. */
#include "agnostic/task/card.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

enum { CARD_MIN = 13, CARD_MAX = 19 };

/* First digits, as a number of that many digits, and how long such a number may be. */
static const struct {
    int digits, low, high, len_min, len_max;
} ISSUERS[] = {
    {1, 4, 4, 13, 19},       {2, 51, 55, 16, 16},     {4, 2221, 2720, 16, 16}, {2, 34, 34, 15, 15},
    {2, 37, 37, 15, 15},     {4, 6011, 6011, 16, 19}, {3, 644, 659, 16, 19},   {2, 35, 35, 16, 19},
    {2, 30, 30, 14, 19},     {2, 36, 36, 14, 19},     {2, 38, 39, 14, 19},     {2, 62, 62, 16, 19},
    {4, 5018, 5018, 13, 19}, {4, 6304, 6304, 13, 19},
};

static bool luhn(const char *digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

static bool is_card(const char *digits, int count) {
    for (size_t i = 0; i < sizeof(ISSUERS) / sizeof(ISSUERS[0]); i++) {
        int first = 0;
        for (int d = 0; d < ISSUERS[i].digits; d++)
            first = first * 10 + (digits[d] - '0');
        if (first >= ISSUERS[i].low && first <= ISSUERS[i].high && count >= ISSUERS[i].len_min &&
            count <= ISSUERS[i].len_max)
            return luhn(digits, count);
    }
    return false;
}

/* digits_at(t, at, digits, &count): bytes of a run of digits that single blanks or
 * hyphens may part; longer runs are left at CARD_MAX + 1 digits, which are no card. */
static size_t digits_at(struct text t, size_t at, char digits[static CARD_MAX + 1],
                        int *ret_count) {
    size_t end = at;
    int count = 0;
    for (size_t i = at; i < t.len && count <= CARD_MAX; i++) {
        if (is_digit(t.ptr[i])) {
            digits[count++] = t.ptr[i];
            end = i + 1;
        } else if ((t.ptr[i] != ' ' && t.ptr[i] != '-') || !is_digit(t.ptr[i - 1])) {
            break;
        }
    }
    *ret_count = count;
    return end - at;
}

size_t card_at(struct text t, size_t at) {
    char digits[CARD_MAX + 1];
    int count;
    if (at >= t.len || !is_digit(t.ptr[at]))
        return 0;
    size_t len = digits_at(t, at, digits, &count);
    bool ends = at + len == t.len || !is_word(t.ptr[at + len]);
    return ends && count >= CARD_MIN && count <= CARD_MAX && is_card(digits, count) ? len : 0;
}

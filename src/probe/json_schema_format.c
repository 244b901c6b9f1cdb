/* One row a format. Forms only: no calendar, no existence. */
#include "probe/json_schema_format.h"

/* Does t follow the form: 9 a digit, x a hexadecimal one, others themselves? */
static bool format_is(struct text t, const char *form) {
    struct text like = text_of(form);
    if (t.len != like.len)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i], low = (char)(c | 0x20);
        bool digit = c >= '0' && c <= '9';
        if (form[i] == '9'   ? !digit
            : form[i] == 'x' ? !digit && !(low >= 'a' && low <= 'f')
                             : c != form[i])
            return false;
    }
    return true;
}

static bool format_in(struct text t, size_t at, int least, int most) {
    int number = (t.ptr[at] - '0') * 10 + t.ptr[at + 1] - '0';
    return number >= least && number <= most;
}

static bool format_date(struct text t) {
    return format_is(t, "9999-99-99") && format_in(t, 5, 1, 12) && format_in(t, 8, 1, 31);
}

static bool format_date_time(struct text t) {
    if (t.len < 20 || !format_date(text_make(t.ptr, 10)) ||
        !format_is(text_make(t.ptr + 11, 8), "99:99:99") || (t.ptr[10] | 0x20) != 't' ||
        !format_in(t, 11, 0, 23) || !format_in(t, 14, 0, 59) || !format_in(t, 17, 0, 60))
        return false;
    struct text rest = text_make(t.ptr + 19, t.len - 19);
    if (rest.ptr[0] == '.') {
        size_t at = 1;
        while (at < rest.len && rest.ptr[at] >= '0' && rest.ptr[at] <= '9')
            at++;
        if (at == 1)
            return false;
        rest = text_make(rest.ptr + at, rest.len - at);
    }
    return text_ieq(rest, TEXT("z")) || format_is(rest, "+99:99") || format_is(rest, "-99:99");
}

static bool format_uuid(struct text t) {
    return format_is(t, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

static bool format_has_blank(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] <= ' ')
            return true;
    return false;
}

static bool format_email(struct text t) {
    long at = text_find(t, TEXT("@"));
    return at > 0 && (size_t)at + 1 < t.len && !format_has_blank(t);
}

static bool format_uri(struct text t) {
    long at = text_find(t, TEXT(":"));
    if (at < 1 || format_has_blank(t))
        return false;
    for (long i = 0; i < at; i++) {
        char c = t.ptr[i], low = (char)(c | 0x20);
        bool letter = low >= 'a' && low <= 'z';
        bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && (i == 0 || !later))
            return false;
    }
    return true;
}

static bool format_ipv4(struct text t) {
    struct text part;
    uint64_t number;
    size_t count = 0;
    if (t.ptr == NULL)
        return false;
    for (; text_cut(&t, '.', &part); count++)
        if (part.len > 3 || !text_u64(part, 255, &number))
            return false;
    return count == 4;
}

static const struct {
    const char *name;
    bool (*holds)(struct text value);
    const char *sample;
} FORMATS[] = {{"date-time", format_date_time, "2020-02-01T12:00:00Z"},
               {"date", format_date, "2020-02-01"},
               {"uuid", format_uuid, "8f14e45f-ceea-467f-a9f5-0123456789ab"},
               {"email", format_email, "qa@example.org"},
               {"uri", format_uri, "https://example.org/"},
               {"ipv4", format_ipv4, "192.0.2.1"}};

bool json_schema_format_holds(struct text format, struct text value) {
    for (size_t i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++)
        if (text_is(format, FORMATS[i].name))
            return FORMATS[i].holds(value);
    return true;
}

const char *json_schema_format_sample(struct text format) {
    for (size_t i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++)
        if (text_is(format, FORMATS[i].name))
            return FORMATS[i].sample;
    return NULL;
}

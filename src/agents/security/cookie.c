/* Set-Cookie in, attributes out. Knows nothing about rules. */
#include "agents/security/cookie.h"

static bool cookie_is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "name=value" or "name" into its trimmed halves; value.ptr NULL without '='. */
static void cookie_halves(struct text pair, struct text *ret_name, struct text *ret_value) {
    long equals = text_find(pair, TEXT("="));
    if (equals < 0) {
        *ret_name = text_trim(pair);
        *ret_value = (struct text){NULL, 0};
        return;
    }
    size_t at = (size_t)equals;
    *ret_name = text_trim(text_make(pair.ptr, at));
    *ret_value = text_trim(text_make(pair.ptr + at + 1, pair.len - at - 1));
}

/* Some year 19xx: what frameworks write to take a cookie away. */
static bool cookie_is_last_century(struct text date) {
    for (size_t i = 0; i + 4 <= date.len; i++) {
        struct text year = text_make(date.ptr + i, 4);
        uint64_t number;
        if (text_starts(year, TEXT("19")) && text_u64(year, 1999, &number))
            return true;
    }
    return false;
}

static void cookie_attribute(struct cookie *cookie, struct text pair) {
    struct text name, value;
    cookie_halves(pair, &name, &value);
    if (value.ptr == NULL)
        value = text_make(pair.ptr, 0);
    if (text_ieq(name, TEXT("Secure")))
        cookie->secure = true;
    else if (text_ieq(name, TEXT("HttpOnly")))
        cookie->http_only = true;
    else if (text_ieq(name, TEXT("SameSite")))
        cookie->same_site = value;
    else if (text_ieq(name, TEXT("Domain")) && value.len > 0)
        cookie->domain = value;
    else if (text_ieq(name, TEXT("Path")))
        cookie->path = value;
    else if (text_ieq(name, TEXT("Max-Age"))) {
        cookie->has_max_age = true;
        cookie->max_age = value;
        cookie->deletes = text_is(value, "0") || text_starts(value, TEXT("-"));
    } else if (text_ieq(name, TEXT("Expires")) && !cookie->has_max_age) {
        cookie->expires = value;
        cookie->deletes = cookie_is_last_century(value);
    }
}

bool cookie_parse(struct text line, struct cookie *ret_cookie) {
    struct cookie cookie = {0};
    struct text rest = line, pair;
    if (line.ptr == NULL || !text_cut(&rest, ';', &pair))
        return false;
    cookie_halves(pair, &cookie.name, &cookie.value);
    if (cookie.value.ptr == NULL || cookie.name.len == 0)
        return false;
    while (text_cut(&rest, ';', &pair))
        cookie_attribute(&cookie, pair);
    *ret_cookie = cookie;
    return true;
}

static bool cookie_name_has(struct text name, struct text word) {
    return text_ifind(name, word) >= 0;
}

/* "sid" as a word of its own or at the end: connect.sid, sid_v2, PHPSESSID; not "sidebar". */
static bool cookie_name_has_sid(struct text name) {
    for (size_t i = 0; i + 3 <= name.len; i++) {
        if (!text_ieq(text_make(name.ptr + i, 3), TEXT("sid")))
            continue;
        bool starts = i == 0 || !cookie_is_alnum(name.ptr[i - 1]);
        bool ends = i + 3 == name.len;
        if (ends || (starts && !cookie_is_alnum(name.ptr[i + 3])))
            return true;
    }
    return false;
}

/* "auth" but not "author". */
static bool cookie_name_has_auth(struct text name) {
    long at = text_ifind(name, TEXT("auth"));
    if (at < 0)
        return false;
    struct text rest = text_make(name.ptr + at, name.len - (size_t)at);
    return !text_istarts(rest, TEXT("author")) || text_istarts(rest, TEXT("authori"));
}

bool cookie_is_session(struct text name) {
    if (cookie_name_has(name, TEXT("csrf")) || cookie_name_has(name, TEXT("xsrf")))
        return false;
    return cookie_name_has(name, TEXT("sess")) || cookie_name_has(name, TEXT("login")) ||
           cookie_name_has(name, TEXT("token")) || cookie_name_has(name, TEXT("jwt")) ||
           cookie_name_has_sid(name) || cookie_name_has_auth(name);
}

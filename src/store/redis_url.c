/* redis_url: reads the address of Redis. Connects to nothing. */
#include "store/redis_url.h"

#include <string.h>

static int hex_digit(char c) {
    static const char DIGITS[] = "0123456789abcdefABCDEF";
    const char *at = c != '\0' ? strchr(DIGITS, c) : NULL;
    if (at == NULL) {
        return -1;
    }
    return at - DIGITS < 16 ? (int)(at - DIGITS) : (int)(at - DIGITS) - 6;
}

/* t percent-decoded into dst; false when it does not fit or is not well-formed. */
static bool decode(struct text t, char *dst, size_t size) {
    size_t used = 0;
    for (size_t i = 0; i < t.len; i++) {
        int c = (unsigned char)t.ptr[i];
        if (c == '%') {
            int high = i + 2 < t.len ? hex_digit(t.ptr[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(t.ptr[i + 2]) : -1;
            c = low >= 0 ? high * 16 + low : 0;
            i += 2;
        }
        if (c == 0 || used + 1 >= size) {
            return false;
        }
        dst[used++] = (char)c;
    }
    dst[used] = '\0';
    return true;
}

/* Splits rest at the first separator; without one, rest stays whole and part is not set. */
static bool split(struct text *rest, char separator, struct text *ret_part) {
    const char *at = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (at == NULL) {
        return false;
    }
    *ret_part = text_make(rest->ptr, (size_t)(at - rest->ptr));
    *rest = text_make(at + 1, rest->len - ret_part->len - 1);
    return true;
}

/* "user:password@" at the head of rest, if it is there. */
static bool read_user(struct text *rest, struct redis_url *url) {
    const char *at = rest->len > 0 ? memrchr(rest->ptr, '@', rest->len) : NULL;
    if (at == NULL) {
        return true;
    }
    struct text both = text_make(rest->ptr, (size_t)(at - rest->ptr)), user;
    *rest = text_make(at + 1, rest->len - both.len - 1);
    return split(&both, ':', &user) && both.len > 0 && decode(user, url->user, sizeof url->user) &&
           decode(both, url->password, sizeof url->password);
}

static bool read_number(struct text t, int max, int *ret_n) {
    uint64_t n;
    if (!text_u64(t, (uint64_t)max, &n)) {
        return false;
    }
    *ret_n = (int)n;
    return true;
}

static bool read_unix(struct text rest, struct redis_url *url) {
    struct text path = rest;
    if (!read_user(&rest, url)) {
        return false;
    }
    if (split(&rest, '?', &path)) {
        if (!text_starts(rest, TEXT("db=")) ||
            !read_number(text_make(rest.ptr + 3, rest.len - 3), REDIS_URL_DB_MAX, &url->db)) {
            return false;
        }
    } else {
        path = rest;
    }
    return path.len > 1 && path.ptr[0] == '/' && decode(path, url->path, sizeof url->path);
}

static bool read_tcp(struct text rest, struct redis_url *url) {
    struct text host;
    if (!read_user(&rest, url)) {
        return false;
    }
    struct text authority = rest;
    if (split(&rest, '/', &authority)) {
        if (rest.len > 0 && !read_number(rest, REDIS_URL_DB_MAX, &url->db)) {
            return false;
        }
    }
    if (authority.len > 0 && authority.ptr[0] == '[') {
        authority = text_make(authority.ptr + 1, authority.len - 1);
        if (!split(&authority, ']', &host) || (authority.len > 0 && authority.ptr[0] != ':')) {
            return false;
        }
        authority =
            text_make(authority.ptr + (authority.len > 0), authority.len - (authority.len > 0));
    } else if (!split(&authority, ':', &host)) {
        host = authority;
        authority = text_make(authority.ptr, 0);
    }
    url->port = 6379;
    return (authority.len == 0 || (read_number(authority, 65535, &url->port) && url->port > 0)) &&
           host.len > 0 && text_copy(host, url->host, sizeof url->host);
}

enum err redis_url_read(const char *url, struct redis_url *ret_url, struct fault *ret_fault) {
    static const struct form {
        struct text scheme;
        bool (*read)(struct text rest, struct redis_url *url);
    } FORMS[] = {{{"unix://", 7}, read_unix}, {{"redis://", 8}, read_tcp}};
    struct text whole = text_of(url);
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct redis_url parts = {0};
        size_t skip = FORMS[i].scheme.len;
        if (text_starts(whole, FORMS[i].scheme) &&
            FORMS[i].read(text_make(whole.ptr + skip, whole.len - skip), &parts)) {
            *ret_url = parts;
            return ERR_OK;
        }
    }
    return fault_set(ret_fault, ERR_CONFIG,
                     "the address of Redis must be unix://[user:password@]/path/to/socket[?db=N] "
                     "or redis://[user:password@]host[:port][/N]");
}

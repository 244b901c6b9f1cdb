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

static bool read_db(struct text t, struct redis_url *url) {
    return read_number(t, REDIS_URL_DB_MAX, &url->db);
}

/* The value behind "name=" in t. */
static bool read_parameter(struct text t, struct text name, struct text *ret_value) {
    if (!text_starts(t, name)) {
        return false;
    }
    *ret_value = text_make(t.ptr + name.len, t.len - name.len);
    return true;
}

/* host, host:port, [v6], [v6]:port. */
static bool read_host(struct text t, int default_port, struct redis_host *ret_host) {
    struct text host, port = TEXT("");
    if (t.len > 0 && t.ptr[0] == '[') {
        t = text_make(t.ptr + 1, t.len - 1);
        if (!split(&t, ']', &host) || (t.len > 0 && t.ptr[0] != ':')) {
            return false;
        }
        port = text_make(t.ptr + (t.len > 0), t.len - (t.len > 0));
    } else if (split(&t, ':', &host)) {
        port = t;
    } else {
        host = t;
    }
    ret_host->port = default_port;
    return (port.len == 0 || (read_number(port, 65535, &ret_host->port) && ret_host->port > 0)) &&
           host.len > 0 && text_copy(host, ret_host->name, sizeof ret_host->name);
}

static bool read_unix(struct text rest, struct redis_url *url) {
    struct text path, db;
    if (!read_user(&rest, url)) {
        return false;
    }
    if (!split(&rest, '?', &path)) {
        path = rest;
    } else if (!read_parameter(rest, TEXT("db="), &db) || !read_db(db, url)) {
        return false;
    }
    return path.len > 1 && path.ptr[0] == '/' && decode(path, url->path, sizeof url->path);
}

static bool read_tcp(struct text rest, struct redis_url *url) {
    struct text host;
    if (!read_user(&rest, url)) {
        return false;
    }
    if (!split(&rest, '/', &host)) {
        host = rest;
    } else if (rest.len > 0 && !read_db(rest, url)) {
        return false;
    }
    url->host_count = 1;
    return read_host(host, REDIS_PORT, &url->hosts[0]);
}

static bool read_sentinels(struct text list, struct redis_url *url) {
    struct text one;
    while (text_cut(&list, ',', &one)) {
        if (url->host_count == REDIS_URL_HOSTS_MAX ||
            !read_host(one, REDIS_SENTINEL_PORT, &url->hosts[url->host_count++])) {
            return false;
        }
    }
    return true;
}

/* What Sentinel takes as a name. */
static bool read_master(struct text t, struct redis_url *url) {
    static const char LEGAL[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
    for (size_t i = 0; i < t.len; i++) {
        if (memchr(LEGAL, t.ptr[i], sizeof LEGAL - 1) == NULL) {
            return false;
        }
    }
    return t.len > 0 && text_copy(t, url->master, sizeof url->master);
}

static bool read_sentinel(struct text rest, struct redis_url *url) {
    struct text before, password, hosts, master;
    if (split(&rest, '?', &before)) {
        if (!read_parameter(rest, TEXT("sentinel_password="), &password) || password.len == 0 ||
            !decode(password, url->sentinel_password, sizeof url->sentinel_password)) {
            return false;
        }
        rest = before;
    }
    if (!read_user(&rest, url) || !split(&rest, '/', &hosts)) {
        return false;
    }
    if (!split(&rest, '/', &master)) {
        master = rest;
    } else if (!read_db(rest, url)) {
        return false;
    }
    return read_sentinels(hosts, url) && read_master(master, url);
}

enum err redis_url_read(const char *url, struct redis_url *ret_url, struct fault *ret_fault) {
    static const struct form {
        struct text scheme;
        bool (*read)(struct text rest, struct redis_url *url);
    } FORMS[] = {{{"unix://", 7}, read_unix},
                 {{"redis://", 8}, read_tcp},
                 {{"redis+sentinel://", 17}, read_sentinel}};
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
                     "the address of Redis must be unix://[user:password@]/path/to/socket[?db=N], "
                     "redis://[user:password@]host[:port][/N] or "
                     "redis+sentinel://[user:password@]host[:port],.../master-name[/N]"
                     "[?sentinel_password=PW]");
}

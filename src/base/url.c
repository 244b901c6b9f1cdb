/* url: the strict reader. Knows grammar, not policy: which hosts may be reached is allow's. */
#include "agnostic/base/url.h"

#include <stdio.h>
#include <string.h>

#include "base/host.h"

enum { PORT_HTTP = 80, PORT_HTTPS = 443 };

/* --- reading ------------------------------------------------------------------ */

static bool is_scheme_char(char c, bool first) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

/* take_scheme(&t): the scheme in front of t, which then stands behind its ':'; empty and t
 * as it was when there is none. */
static struct text take_scheme(struct text *t) {
    size_t len = 0;
    while (len < t->len && is_scheme_char(t->ptr[len], len == 0))
        len++;
    if (len == 0 || len == t->len || t->ptr[len] != ':')
        return text_make(t->ptr, 0);
    struct text scheme = text_make(t->ptr, len);
    *t = text_make(t->ptr + len + 1, t->len - len - 1);
    return scheme;
}

/* Blanks, controls and backslashes are read in more than one way by other parsers. */
static bool has_ambiguous_byte(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] <= ' ' || t.ptr[i] == 0x7F || t.ptr[i] == '\\')
            return true;
    return false;
}

/* split(t, any_of): t up to the first of these bytes; t then begins with that byte. */
static struct text split(struct text *t, const char *any_of) {
    size_t len = 0;
    if (t->len == 0)
        return *t;
    while (len < t->len && strchr(any_of, t->ptr[len]) == NULL)
        len++;
    struct text front = text_make(t->ptr, len);
    *t = text_make(t->ptr + len, t->len - len);
    return front;
}

static enum err read_authority(struct text authority, struct url *url, struct fault *fault) {
    struct text host;
    bool bracketed;
    if (authority.len == 0 || authority.ptr[0] == ':')
        return fault_set(fault, ERR_SYNTAX, "Missing hostname");
    if (text_find(authority, TEXT("@")) >= 0)
        return fault_set(fault, ERR_SYNTAX, "User name or password in the URL");
    if (!host_split_port(authority, &host, &url->port, &bracketed))
        return fault_set(fault, ERR_SYNTAX, "Invalid port or host");
    struct addr addr;
    if (bracketed) {
        if (!addr_parse(host, &addr) || !addr.v6)
            return fault_set(fault, ERR_SYNTAX, "Invalid IPv6 address");
        addr_text(&addr, url->host);
        url->host_is_ip = url->host_is_ipv6 = true;
    } else {
        enum host_kind kind = host_read(host, url->host);
        if (kind == HOST_BAD)
            return fault_set(fault, ERR_SYNTAX, "Invalid hostname");
        url->host_is_ip = kind == HOST_IPV4;
    }
    uint16_t own = url->tls ? PORT_HTTPS : PORT_HTTP;
    if (url->port == 0)
        url->port = own;
    url->port_is_default = url->port == own;
    return ERR_OK;
}

/* The part of t before its '#'. */
static struct text without_fragment(struct text t) {
    return split(&t, "#");
}

static void read_path(struct text rest, struct url *url) {
    struct text path = split(&rest, "?");
    url->path = path.len == 0 ? TEXT("/") : path;
    url->query = rest.len == 0 ? (struct text){NULL, 0} : text_make(rest.ptr + 1, rest.len - 1);
}

enum err url_parse(struct text text, struct url *ret_url, struct fault *ret_fault) {
    struct url url = {0};
    if (text.len > URL_MAX_BYTES)
        return fault_set(ret_fault, ERR_SYNTAX, "URL is longer than %d bytes", URL_MAX_BYTES);
    if (has_ambiguous_byte(text))
        return fault_set(ret_fault, ERR_SYNTAX, "Blank, control character or backslash in the URL");
    struct text rest = without_fragment(text);
    struct text scheme = take_scheme(&rest);
    url.tls = text_ieq(scheme, TEXT("https"));
    if (!url.tls && !text_ieq(scheme, TEXT("http")))
        return fault_set(ret_fault, ERR_SYNTAX, "Unsupported scheme: %.*s",
                         TEXT_ARG(text_head(scheme, 64)));
    if (!text_starts(rest, TEXT("//")))
        return fault_set(ret_fault, ERR_SYNTAX, "Missing hostname");
    rest = text_make(rest.ptr + 2, rest.len - 2);
    struct text authority = split(&rest, "/?");
    enum err err = read_authority(authority, &url, ret_fault);
    if (err != ERR_OK)
        return err;
    read_path(rest, &url);
    *ret_url = url;
    return ERR_OK;
}

/* --- writing ------------------------------------------------------------------ */

void url_authority(const struct url *url, char *dst, size_t size) {
    const char *open = url->host_is_ipv6 ? "[" : "", *close = url->host_is_ipv6 ? "]" : "";
    if (url->port_is_default)
        snprintf(dst, size, "%s%s%s", open, url->host, close);
    else
        snprintf(dst, size, "%s%s%s:%u", open, url->host, close, url->port);
}

void url_origin(const struct url *url, char *dst, size_t size) {
    char authority[URL_HOST_SIZE + 16];
    url_authority(url, authority, sizeof(authority));
    snprintf(dst, size, "%s://%s", url->tls ? "https" : "http", authority);
}

static void put_origin(const struct url *url, struct buf *buf) {
    char origin[URL_HOST_SIZE + 32];
    url_origin(url, origin, sizeof(origin));
    buf_puts(buf, origin);
}

static void put_query(struct text query, struct buf *buf) {
    if (query.ptr == NULL)
        return;
    buf_putc(buf, '?');
    buf_puttext(buf, query);
}

void url_put(const struct url *url, struct buf *buf) {
    put_origin(url, buf);
    buf_puttext(buf, url->path);
    put_query(url->query, buf);
}

/* --- resolving ---------------------------------------------------------------- */

void url_put_path(struct text path, struct buf *buf) {
    size_t floor = buf->len;
    struct text rest = text_make(path.ptr + 1, path.len - 1), segment;
    while (text_cut(&rest, '/', &segment)) {
        bool last = rest.ptr == NULL;
        if (text_is(segment, "..")) {
            while (buf->len > floor && buf->data[--buf->len] != '/')
                continue;
        } else if (!text_is(segment, ".")) {
            buf_putc(buf, '/');
            buf_puttext(buf, segment);
            continue;
        }
        if (last)
            buf_putc(buf, '/');
    }
    if (buf->len == floor)
        buf_putc(buf, '/');
}

/* A relative path stands beside the last segment of base's. */
static void put_merged(const struct url *base, struct text path, struct buf *buf) {
    struct buf merged;
    size_t folder = base->path.len;
    while (folder > 0 && base->path.ptr[folder - 1] != '/')
        folder--;
    buf_init(&merged, 2 * URL_MAX_BYTES);
    buf_put(&merged, base->path.ptr, folder);
    buf_puttext(&merged, path);
    if (merged.failed)
        buf->failed = true;
    else
        url_put_path(buf_text(&merged), buf);
    buf_done(&merged);
}

/* "scheme://authority/path?query" or, base's scheme put before, "//authority/...". */
static void put_absolute(const char *scheme, struct text rest, struct buf *buf) {
    struct text authority;
    buf_puts(buf, scheme);
    buf_puts(buf, "://");
    rest = text_make(rest.ptr + 2, rest.len - 2);
    authority = split(&rest, "/?");
    buf_puttext(buf, authority);
    struct text path = split(&rest, "?");
    url_put_path(path.len == 0 ? TEXT("/") : path, buf);
    buf_puttext(buf, rest);
}

enum err url_resolve(const struct url *base, struct text reference, struct buf *buf) {
    struct text rest = text_trim(reference);
    if (rest.len > URL_MAX_BYTES || has_ambiguous_byte(rest))
        return ERR_SYNTAX;
    rest = without_fragment(rest);
    struct text scheme = take_scheme(&rest);
    bool tls = text_ieq(scheme, TEXT("https"));
    if (scheme.len > 0 &&
        ((!tls && !text_ieq(scheme, TEXT("http"))) || !text_starts(rest, TEXT("//"))))
        return ERR_SYNTAX;
    if (text_starts(rest, TEXT("//"))) {
        put_absolute((scheme.len > 0 ? tls : base->tls) ? "https" : "http", rest, buf);
        return ERR_OK;
    }
    struct text path = split(&rest, "?");
    put_origin(base, buf);
    if (path.len == 0)
        buf_puttext(buf, base->path);
    else if (path.ptr[0] == '/')
        url_put_path(path, buf);
    else
        put_merged(base, path, buf);
    if (path.len == 0 && rest.len == 0)
        put_query(base->query, buf);
    buf_puttext(buf, rest);
    return ERR_OK;
}

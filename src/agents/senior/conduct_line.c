/* Command lines that ask the same again. Asks nobody. */
#include <stdio.h>

#include "agents/senior/conduct.h"
#include "agents/shell.h"

static const char CURL[] = "curl -gsk -o /dev/null -D - ";

static void conduct_line_header(const char *name, const char *value, struct buf *buf) {
    char header[2 * REPLY_FIELD_SIZE];
    snprintf(header, sizeof(header), "%s: %s", name, value);
    buf_puts(buf, "-H ");
    shell_quote(buf, header);
    buf_putc(buf, ' ');
}

void conduct_line(enum conduct_probe probe, const struct conduct_spot *spot, const char *url,
                  struct buf *buf) {
    const struct reply *first = &spot->gets[0];
    char range[REPLY_FIELD_SIZE];
    snprintf(range, sizeof(range), "bytes=%lld-", (long long)first->body_bytes + 10);
    buf_puts(buf, CURL);
    switch (probe) {
    case PROBE_HEAD:
        buf_puts(buf, "-I ");
        break;
    case PROBE_SAME:
        conduct_line_header(first->etag[0] != '\0' ? "If-None-Match" : "If-Modified-Since",
                            first->etag[0] != '\0' ? first->etag : first->modified, buf);
        break;
    case PROBE_FIRST_BYTE:
        conduct_line_header("Range", "bytes=0-0", buf);
        break;
    case PROBE_BEYOND:
        conduct_line_header("Range", range, buf);
        break;
    case PROBE_METHOD:
        buf_puts(buf, "-X QAPROBE ");
        break;
    case PROBE_ACCEPT:
        conduct_line_header("Accept", "application/x-qaprobe", buf);
        break;
    case PROBE_POST:
        conduct_line_header("Content-Type", "application/x-qaprobe", buf);
        buf_puts(buf, "-d qaprobe ");
        break;
    case PROBE_HEADER:
        buf_puts(buf, "-H \"X-Qaprobe: ");
        shell_many(buf, 'A', CONDUCT_BIG_BYTES);
        buf_puts(buf, "\" ");
        break;
    default:
        buf_printf(buf, "-H \"Cookie: $(seq -s '; ' -f 'qaprobe%%02.0f=0123456789abcdef' 0 %d)\" ",
                   CONDUCT_COOKIES - 1);
    }
    shell_quote(buf, url);
}

void conduct_line_long(const char *url, struct buf *buf) {
    struct url parsed;
    struct buf bare;
    if (url_parse(text_of(url), &parsed, NULL) != ERR_OK)
        return;
    parsed.query = text_make(NULL, 0);
    buf_init(&bare, 2 * URL_MAX_BYTES);
    url_put(&parsed, &bare);
    buf_puts(&bare, "?qaprobe=");
    buf_puts(buf, CURL);
    shell_quote(buf, buf_str(&bare));
    buf_putc(buf, '"');
    shell_many(buf, 'A', CONDUCT_BIG_BYTES);
    buf_putc(buf, '"');
    buf_done(&bare);
}

void conduct_line_form(enum conduct_form form, const char *url, struct buf *buf) {
    char origin[URL_HOST_SIZE + 32];
    struct url parsed;
    struct buf whole;
    if (url_parse(text_of(url), &parsed, NULL) != ERR_OK)
        return;
    url_origin(&parsed, origin, sizeof(origin));
    buf_init(&whole, CONDUCT_TARGET_SIZE + URL_HOST_SIZE);
    buf_puts(&whole, origin);
    conduct_form_put(form, &parsed, &whole);
    buf_puts(buf, CURL);
    buf_puts(buf, "--path-as-is ");
    shell_quote(buf, buf_str(&whole));
    buf_done(&whole);
}

/* curl is no slow client; it lends its connection to one. */
void conduct_line_slow(const char *url, struct buf *buf) {
    char authority[URL_HOST_SIZE + 32];
    struct url parsed;
    struct buf target;
    if (url_parse(text_of(url), &parsed, NULL) != ERR_OK)
        return;
    url_authority(&parsed, authority, sizeof(authority));
    buf_init(&target, 2 * URL_MAX_BYTES);
    buf_puttext(&target, parsed.path);
    buf_puts(&target, parsed.query.ptr != NULL ? "?" : "");
    buf_puttext(&target, parsed.query);
    buf_puts(buf, "(printf 'GET '; sleep .3; printf %s ");
    shell_quote(buf, buf_str(&target));
    buf_printf(buf,
               "; sleep .3; printf ' HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n'; "
               "sleep 10) | ",
               authority);
    if (parsed.tls)
        buf_printf(buf, "openssl s_client -quiet -connect %s:%u", parsed.host, parsed.port);
    else
        buf_printf(buf, "curl -s telnet://%s:%u", parsed.host, parsed.port);
    buf_done(&target);
}

void conduct_line_crowd(const char *url, struct buf *buf) {
    buf_printf(buf, "seq %d | xargs -P %d -I {} curl -gsk -o /dev/null -w '%%{http_code}\\n' ",
               CONDUCT_CROWD, CONDUCT_CROWD);
    shell_quote(buf, url);
}

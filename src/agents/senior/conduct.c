/* The table of questions, and the order of asking. Judges nothing. */
#include "agents/senior/conduct.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/probe/http_many.h"
#include "agnostic/probe/http_pieces.h"

enum { SECOND_MS = 1000, US_PER_MS = 1000, HEADERS_MAX = 3, TOO_MANY = 429 };

static const struct http_limits PAGE = {5000, 10000, 1 << 20, 256 << 10};
static const char USER_AGENT[] = "agnostic-qa/" AGNOSTIC_VERSION;
static const struct text PLAIN = {"identity",
                                  8}; /* so that lengths and ranges are the page's own */

/* Which probes are sent where, and by which method; what they need of the first answer is with
 * conduct_probe. */
static const struct {
    const char *method;
    bool spots[SPOT__COUNT];
    enum rule_mode mode;
} PROBES[PROBE__COUNT] = {
    [PROBE_HEAD] = {"HEAD",
                    {[SPOT_HOME] = true, [SPOT_PAGE] = true, [SPOT_FILE] = true},
                    RULE_SAFE},
    [PROBE_SAME] = {"GET", {[SPOT_HOME] = true, [SPOT_PAGE] = true, [SPOT_FILE] = true}, RULE_SAFE},
    [PROBE_FIRST_BYTE] = {"GET",
                          {[SPOT_HOME] = true, [SPOT_PAGE] = true, [SPOT_FILE] = true},
                          RULE_SAFE},
    [PROBE_BEYOND] = {"GET",
                      {[SPOT_HOME] = true, [SPOT_PAGE] = true, [SPOT_FILE] = true},
                      RULE_SAFE},
    [PROBE_METHOD] = {"QAPROBE", {[SPOT_HOME] = true}, RULE_SAFE},
    [PROBE_ACCEPT] = {"GET", {[SPOT_HOME] = true, [SPOT_DATA] = true}, RULE_SAFE},
    [PROBE_POST] = {"POST", {[SPOT_DATA] = true}, RULE_ACTIVE},
    [PROBE_HEADER] = {"GET", {[SPOT_HOME] = true}, RULE_SAFE},
    [PROBE_COOKIES] = {"GET", {[SPOT_HOME] = true}, RULE_SAFE},
};

struct conducting {
    const struct agent *agent;
    struct asker *asker;
    const struct gate *gate;
    const struct terrain *terrain;
    struct conduct *conduct;
    struct buf big, cookies; /* values of headers */
};

/* --- one question ----------------------------------------------------------------------------- */

static void conduct_get(const struct conducting *c, const char *url, struct text target,
                        struct reply *ret_reply) {
    const struct http_header plain = {TEXT("Accept-Encoding"), PLAIN};
    const struct http_request request = {.method = "GET",
                                         .url = text_of(url),
                                         .target = target,
                                         .headers = &plain,
                                         .header_count = 1};
    reply_ask(c->asker, &request, &PAGE, ret_reply);
}

/* The header that makes the question; false when the first answer gives no reason to ask it. */
static bool conduct_probe_header(const struct conducting *c, enum conduct_probe probe,
                                 const struct reply *first, struct http_header *ret_header,
                                 char *room, size_t size) {
    switch (probe) {
    case PROBE_SAME:
        *ret_header =
            first->etag[0] != '\0'
                ? (struct http_header){TEXT("If-None-Match"), text_of(first->etag)}
                : (struct http_header){TEXT("If-Modified-Since"), text_of(first->modified)};
        return ret_header->value.len > 0;
    case PROBE_FIRST_BYTE:
        *ret_header = (struct http_header){TEXT("Range"), TEXT("bytes=0-0")};
        return first->body_bytes > 0;
    case PROBE_BEYOND:
        snprintf(room, size, "bytes=%lld-", (long long)first->body_bytes + 10);
        *ret_header = (struct http_header){TEXT("Range"), text_of(room)};
        return first->body_bytes > 0 && !first->is_cut;
    case PROBE_ACCEPT:
        *ret_header = (struct http_header){TEXT("Accept"), TEXT("application/x-qaprobe")};
        return true;
    case PROBE_POST:
        *ret_header = (struct http_header){TEXT("Content-Type"), TEXT("application/x-qaprobe")};
        return true;
    case PROBE_HEADER:
        *ret_header = (struct http_header){TEXT("X-Qaprobe"), buf_text(&c->big)};
        return true;
    case PROBE_COOKIES:
        *ret_header = (struct http_header){TEXT("Cookie"), buf_text(&c->cookies)};
        return true;
    default:
        *ret_header = (struct http_header){TEXT("X-Qaprobe"), TEXT("1")};
        return true;
    }
}

static void conduct_probe(const struct conducting *c, enum conduct_probe probe, enum spot spot) {
    struct conduct_spot *kept = &c->conduct->spots[spot];
    struct http_header headers[HEADERS_MAX] = {{TEXT("Accept-Encoding"), PLAIN}};
    char room[REPLY_FIELD_SIZE];
    if (!PROBES[probe].spots[spot] || !c->agent->task->modes[PROBES[probe].mode] ||
        !conduct_probe_header(c, probe, &kept->gets[0], &headers[1], room, sizeof(room)))
        return;
    const struct http_request request = {.method = PROBES[probe].method,
                                         .url = text_of(c->terrain->spots[spot]),
                                         .headers = headers,
                                         .header_count = 2,
                                         .body = probe == PROBE_POST ? TEXT("qaprobe")
                                                                     : text_make(NULL, 0)};
    reply_ask(c->asker, &request, &PAGE, &kept->probes[probe]);
}

/* --- paths ------------------------------------------------------------------------------------ */

static struct text conduct_last_segment(struct text path) {
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/')
        at--;
    return text_make(path.ptr + at, path.len - at);
}

static void conduct_put_upper(struct text path, struct buf *buf) {
    for (size_t i = 0; i < path.len; i++)
        buf_putc(buf, path.ptr[i] >= 'a' && path.ptr[i] <= 'z' ? (char)(path.ptr[i] - 'a' + 'A')
                                                               : path.ptr[i]);
}

/* The first letter of the last segment written as an escape. */
static void conduct_put_escaped(const char *percent, struct text path, struct buf *buf) {
    struct text last = conduct_last_segment(path);
    buf_put(buf, path.ptr, path.len - last.len);
    if (last.len == 0 || last.ptr[0] == '%') {
        buf_puttext(buf, last);
        return;
    }
    buf_printf(buf, "%s%02x", percent, (unsigned)(unsigned char)last.ptr[0]);
    buf_puttext(buf, text_make(last.ptr + 1, last.len - 1));
}

void conduct_form_put(enum conduct_form form, const struct url *url, struct buf *buf) {
    static const char *const BEFORE[FORM__COUNT] = {
        [FORM_SLASHES] = "/", [FORM_DOT] = "/.", [FORM_UP] = "/qaprobe/%2e%2e"};
    struct text path = url->path;
    buf_puts(buf, BEFORE[form] != NULL ? BEFORE[form] : "");
    if (form == FORM_UPPER)
        conduct_put_upper(path, buf);
    else if (form == FORM_ESCAPED || form == FORM_TWICE)
        conduct_put_escaped(form == FORM_TWICE ? "%25" : "%", path, buf);
    else if (form == FORM_END && path.len > 1 && text_ends(path, TEXT("/")))
        buf_put(buf, path.ptr, path.len - 1);
    else
        buf_puttext(buf, path);
    if (form == FORM_END && !text_ends(path, TEXT("/")))
        buf_putc(buf, '/');
    if (url->query.ptr == NULL)
        return;
    buf_putc(buf, '?');
    buf_puttext(buf, url->query);
}

static void conduct_forms(const struct conducting *c, enum spot spot) {
    const char *text = c->terrain->spots[spot];
    struct url url;
    if (text[0] == '\0' || url_parse(text_of(text), &url, NULL) != ERR_OK)
        return;
    for (int form = 0; form < FORM__COUNT; form++) {
        struct buf target;
        buf_init(&target, CONDUCT_TARGET_SIZE);
        conduct_form_put((enum conduct_form)form, &url, &target);
        if (!target.failed)
            conduct_get(c, text, buf_text(&target), &c->conduct->spots[spot].forms[form]);
        buf_done(&target);
    }
}

/* Two names that nobody has: one in the root, one as a page beside it. The same seed, the same
 * names. */
static void conduct_unknown(const struct conducting *c) {
    int64_t seed = 0;
    json_int(json_get(c->agent->task->root, "seed"), 0, INT64_MAX, &seed);
    for (size_t i = 0; i < 2; i++) {
        char *url = c->conduct->unknown_urls[i];
        snprintf(url, sizeof(c->conduct->unknown_urls[i]), "%s/qaprobe-%08llx%s",
                 c->terrain->origin, (unsigned long long)seed & 0xffffffffULL,
                 i == 0 ? "" : ".html");
        conduct_get(c, url, text_make(NULL, 0), &c->conduct->unknown[i]);
    }
}

/* --- too long, too slow, too many ------------------------------------------------------------- */

static void conduct_long_url(const struct conducting *c) {
    const char *home = c->terrain->spots[SPOT_HOME];
    struct buf target;
    struct url url;
    if (url_parse(text_of(home), &url, NULL) != ERR_OK)
        return;
    buf_init(&target, URL_MAX_BYTES + 2 * CONDUCT_BIG_BYTES);
    buf_puttext(&target, url.path);
    buf_puts(&target, "?qaprobe=");
    buf_puttext(&target, buf_text(&c->big));
    if (!target.failed)
        conduct_get(c, home, buf_text(&target), &c->conduct->long_url);
    buf_done(&target);
}

void conduct_request(const struct url *url, struct buf *buf) {
    char authority[URL_HOST_SIZE + 32];
    url_authority(url, authority, sizeof(authority));
    buf_puts(buf, "GET ");
    buf_puttext(buf, url->path);
    if (url->query.ptr != NULL) {
        buf_putc(buf, '?');
        buf_puttext(buf, url->query);
    }
    buf_printf(buf, " HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n",
               authority, USER_AGENT);
}

static void conduct_slow(const struct conducting *c) {
    struct reply *slow = &c->conduct->slow;
    struct fault fault = {0};
    struct buf bytes;
    struct url url;
    if (url_parse(text_of(c->terrain->spots[SPOT_HOME]), &url, NULL) != ERR_OK ||
        !asker_turn(c->asker))
        return;
    buf_init(&bytes, 2 * URL_MAX_BYTES);
    conduct_request(&url, &bytes);
    const struct http_pieces pieces = {buf_text(&bytes), CONDUCT_PIECES, CONDUCT_PIECE_PAUSE_MS,
                                       PAGE.connect_ms, PAGE.total_ms};
    *slow = (struct reply){.asked = true};
    slow->err = http_pieces_send(c->gate, &url, &pieces, &slow->status, &fault);
    snprintf(slow->why, sizeof(slow->why), "%.150s", fault.text);
    asker_heed(c->asker, slow->err, slow->status, 0, 0);
    buf_done(&bytes);
}

struct conduct_count {
    struct conduct_crowd *crowd;
    struct asker *asker;
    int expected;
    int64_t size; /* of the first, -1: none yet */
};

static void conduct_crowd_done(void *ctx, const struct http_many_answer *answer) {
    struct conduct_count *count = ctx;
    struct conduct_crowd *crowd = count->crowd;
    bool limited = answer->err == ERR_OK && answer->status == TOO_MANY;
    bool other = !limited && (answer->err != ERR_OK || answer->status != count->expected);
    crowd->limited += limited;
    crowd->answered += answer->err == ERR_OK;
    crowd->server_errors += answer->err == ERR_OK && answer->status >= 500;
    if (other && crowd->other_status++ == 0)
        crowd->status = answer->err == ERR_OK ? answer->status : 0;
    if (!other && !limited && count->size >= 0 && answer->bytes != count->size)
        crowd->other_size++;
    if (!other && !limited && count->size < 0)
        count->size = answer->bytes;
    asker_heed(count->asker, ERR_OK, answer->status, answer->retry_after_s, answer->service_us);
}

/* Ten in one moment are ten in one second: only where so many are permitted, and nothing in the
 * second before. */
static enum err conduct_crowd(const struct conducting *c, int64_t last_ms) {
    struct conduct_count count = {&c->conduct->crowd, c->asker,
                                  c->conduct->spots[SPOT_HOME].gets[0].status, -1};
    const struct text url = text_of(c->terrain->spots[SPOT_HOME]);
    const struct http_many_plan plan = {c->gate, USER_AGENT, &url, 1, CONDUCT_CROWD, &PAGE, HTTP_1};
    struct http_many *many = NULL;
    if (c->asker->bucket.rate < CONDUCT_CROWD || c->asker->failures >= ASKER_FAILURES_MAX ||
        c->asker->most - (int64_t)c->asker->requests < CONDUCT_CROWD ||
        c->conduct->spots[SPOT_HOME].gets[0].is_cut) /* it would be no whole answer */
        return ERR_OK;
    enum err err = http_many_new(&plan, &many, NULL);
    if (err != ERR_OK)
        return err == ERR_NOMEM ? err : ERR_OK;
    int64_t wait_ms = last_ms + SECOND_MS - time_mono_ms();
    time_sleep_ms(wait_ms > 0 ? wait_ms : 0);
    for (; count.crowd->asked < CONDUCT_CROWD; count.crowd->asked++) {
        bucket_take(&c->asker->bucket, time_mono_us());
        c->asker->requests++;
        http_many_start(many, count.crowd->asked, 0);
    }
    while (http_many_running(many) > 0)
        http_many_step(many, time_mono_us() + (int64_t)SECOND_MS * US_PER_MS, conduct_crowd_done,
                       &count);
    http_many_free(many);
    return ERR_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void conduct_spot(const struct conducting *c, enum spot spot) {
    const char *url = c->terrain->spots[spot];
    struct conduct_spot *kept = &c->conduct->spots[spot];
    size_t gets = spot == SPOT_HOME || spot == SPOT_PAGE ? CONDUCT_GETS : 1;
    if (url[0] == '\0')
        return;
    for (size_t i = 0; i < gets; i++)
        conduct_get(c, url, text_make(NULL, 0), &kept->gets[i]);
    if (!reply_is_of(&kept->gets[0], 2))
        return;
    for (int probe = 0; probe < PROBE_HEADER; probe++)
        conduct_probe(c, (enum conduct_probe)probe, spot);
}

static enum err conduct_all(const struct conducting *c) {
    int64_t last_ms;
    for (int spot = 0; spot < SPOT__COUNT; spot++)
        conduct_spot(c, (enum spot)spot);
    last_ms = time_mono_ms();
    conduct_slow(c); /* takes most of the second that the next one waits */
    enum err err = conduct_crowd(c, last_ms);
    conduct_unknown(c);
    conduct_forms(c, SPOT_PAGE);
    conduct_forms(c, SPOT_CLOSED);
    conduct_probe(c, PROBE_HEADER, SPOT_HOME);
    conduct_probe(c, PROBE_COOKIES, SPOT_HOME);
    conduct_long_url(c);
    conduct_get(c, c->terrain->spots[SPOT_HOME], text_make(NULL, 0), &c->conduct->after);
    return err;
}

enum err conduct_run(const struct agent *agent, struct asker *asker, const struct gate *gate,
                     const struct terrain *terrain, struct conduct *conduct) {
    struct conducting c = {agent, asker, gate, terrain, conduct, {0}, {0}};
    buf_init(&c.big, CONDUCT_BIG_BYTES);
    buf_init(&c.cookies, CONDUCT_BIG_BYTES);
    for (size_t i = 0; i < CONDUCT_BIG_BYTES; i++)
        buf_putc(&c.big, 'A');
    for (int i = 0; i < CONDUCT_COOKIES; i++)
        buf_printf(&c.cookies, "%sqaprobe%02d=0123456789abcdef", i > 0 ? "; " : "", i);
    enum err err = c.big.failed || c.cookies.failed ? ERR_NOMEM : conduct_all(&c);
    buf_done(&c.big);
    buf_done(&c.cookies);
    return err;
}

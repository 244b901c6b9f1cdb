/* Rows in, facts out. What a row leaves out is as on a good site. */
#include "agents/made_facts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/security/inventory.h"

enum { HEADERS_MAX = 64, HEADER_BYTES_MAX = 1 << 16, DAY_S = 86400, ECDHE_SUITE = 0xc02f };

static const char GOOD_PAGE[] = "<!doctype html><title>Shop</title><p>Welcome";
static const char NOTICE[] = "<p><a href=/privacy>Privacy</a>";

static void add_header(struct http_response *response, struct text name, struct text value) {
    char *bytes = response->raw.data + response->raw.len;
    assert(response->header_count < HEADERS_MAX);
    buf_puttext(&response->raw, name);
    buf_puttext(&response->raw, value);
    response->headers[response->header_count++] =
        (struct http_header){text_make(bytes, name.len), text_make(bytes + name.len, value.len)};
}

/* "value", ["value", ...], or null for none. */
static bool add_member(void *ctx, struct text name, const struct json *value) {
    struct http_response *response = ctx;
    struct text text;
    if (json_text(value, &text) && !text_is(name, "status"))
        add_header(response, name, text);
    for (size_t i = 0; json_kind(value) == JSON_ARRAY && json_text(json_at(value, i), &text); i++)
        add_header(response, name, text);
    return true;
}

static void start_response(struct http_response *response) {
    buf_init(&response->raw, HEADER_BYTES_MAX);
    buf_init(&response->body, HEADER_BYTES_MAX);
    assert(buf_room(&response->raw, HEADER_BYTES_MAX - 1) != NULL); /* views stay where they are */
    response->headers = calloc(HEADERS_MAX, sizeof(*response->headers));
    assert(response->headers != NULL);
}

static void ask(struct answer *answer, const char *url, int status) {
    assert(answer_url(answer, text_of(url), NULL) == ERR_OK);
    answer->asked = true;
    answer->err = status == 0 ? ERR_CONNECT : ERR_OK;
    start_response(&answer->response);
    answer->response.status = status;
}

static int status_of(const struct json *value, int otherwise) {
    int64_t status = otherwise;
    json_int(value, 0, 999, &status);
    return (int)status;
}

static enum chain_end end_of(const struct chain *chain) {
    if (chain->count == 0)
        return CHAIN_NOT_ASKED;
    return chain->hops[chain->count - 1].err == ERR_OK ? CHAIN_ANSWERED : CHAIN_FAILED;
}

/* [[url, status, {headers}, body], ...] */
static void add_hops(struct chain *chain, const struct json *hops) {
    for (size_t i = 0; i < json_count(hops); i++) {
        const struct json *hop = json_at(hops, i);
        struct answer *answer = &chain->hops[chain->count++];
        ask(answer, json_str(json_at(hop, 0), ""), status_of(json_at(hop, 1), 200));
        json_each(json_at(hop, 2), add_member, &answer->response);
        buf_puts(&answer->response.body, json_str(json_at(hop, 3), GOOD_PAGE));
    }
    chain->end = end_of(chain);
}

/* A header of the base, unless the row says something else of it (null: nothing). */
struct merge {
    struct http_response *response;
    const struct json *with;
};
static bool add_base(void *ctx, struct text name, const struct json *value) {
    struct merge *merge = ctx;
    char word[128];
    text_copy(name, word, sizeof(word));
    return json_get(merge->with, word) != NULL || add_member(merge->response, name, value);
}

/* The page; "notice": false leaves out the privacy notice that a good one links. */
static void add_body(struct buf *body, const struct json *row) {
    const char *said = json_str(json_get(row, "body"), GOOD_PAGE);
    buf_puts(body, said);
    if (said[0] == '<' && json_bool(json_get(row, "notice"), true))
        buf_puts(body, NOTICE);
}

static void add_page(struct facts *facts, const struct json *bases, const struct json *row,
                     const char *url) {
    struct chain *chain = &facts->chain;
    struct answer *page = &chain->hops[chain->count++];
    ask(page, url, status_of(json_get(row, "status"), 200));
    struct merge merge = {&page->response, json_get(row, "with")};
    if (page->err == ERR_OK) {
        json_each(json_get(bases, json_str(json_get(row, "base"), "good")), add_base, &merge);
        json_each(merge.with, add_member, &page->response);
        add_body(&page->response.body, row);
        page->response.head_truncated = json_bool(json_get(row, "headers_cut"), false);
        page->response.truncated = json_bool(json_get(row, "body_cut"), false);
    }
    chain->end = end_of(chain);
    if (strcmp(json_str(json_get(row, "end"), ""), "refused") == 0) {
        struct answer *refused = &chain->hops[chain->count++];
        ask(refused, "http://169.254.169.254/", 0);
        refused->err = ERR_REFUSED;
        chain->end = CHAIN_REFUSED;
    }
}

/* "pages": [[url, status, {headers}, body], ...], on the row's base. */
static void add_crawled(struct facts *facts, const struct json *bases, const struct json *row) {
    const struct json *pages = json_get(row, "pages");
    const char *base = json_str(json_get(row, "base"), "good");
    for (size_t i = 0; i < json_count(pages); i++) {
        const struct json *page = json_at(pages, i);
        struct answer *answer = &facts->crawled[facts->crawled_count++];
        ask(answer, json_str(json_at(page, 0), ""), status_of(json_at(page, 1), 200));
        struct merge merge = {&answer->response, json_at(page, 2)};
        json_each(json_get(bases, base), add_base, &merge);
        json_each(merge.with, add_member, &answer->response);
        buf_puts(&answer->response.body, json_str(json_at(page, 3), GOOD_PAGE));
    }
}

/* "paths": {"/.env": "body" or [status, "body", {headers}]}; all others are not found, but for a
 * good security.txt. "soft": the body of what is answered 200 instead. "dirs": the same of
 * directories, "missing" of paths that cannot exist, "malformed" of an escape that is none.
 * "silent": true: nothing answered. */
static void add_path(const struct json *row, struct answer *answer, const char *path,
                     const struct json *said) {
    const char *soft = json_str(json_get(row, "soft"), NULL);
    char url[128];
    snprintf(url, sizeof(url), "https://shop.example%s", path);
    bool listed = said != NULL, whole = json_kind(said) == JSON_ARRAY;
    ask(answer, url, whole ? status_of(json_at(said, 0), 200) : listed || soft != NULL ? 200 : 404);
    if (whole)
        json_each(json_at(said, 2), add_member, &answer->response);
    buf_puts(&answer->response.body, whole          ? json_str(json_at(said, 1), "")
                                     : listed       ? json_str(said, "")
                                     : soft != NULL ? soft
                                                    : "not found");
}

struct adding {
    struct facts *facts;
    const struct json *row;
};
static bool add_dir(void *ctx, struct text name, const struct json *said) {
    struct adding *adding = ctx;
    struct path_facts *paths = &adding->facts->paths;
    char path[128];
    text_copy(name, path, sizeof(path));
    add_path(adding->row, &paths->dirs[paths->dir_count++], path, said);
    return true;
}

static void add_paths(struct facts *facts, const struct json *row) {
    static const char TELL[] = "/.well-known/security.txt";
    static const char GOOD[] = "Contact: mailto:a@shop.example\nExpires: 2099-01-01T00:00:00Z\n";
    struct adding adding = {facts, row};
    const struct json *paths = json_get(row, "paths");
    const struct path_probe *probe;
    if (json_bool(json_get(row, "silent"), false))
        return;
    for (size_t i = 0; i < PATHS_RANDOM; i++)
        add_path(row, &facts->paths.random[i], "/qa-probe-0123456789ab", json_get(row, "missing"));
    add_path(row, &facts->paths.malformed, "/%qa-probe", json_get(row, "malformed"));
    for (size_t i = 0; (probe = path_probe_get(i)) != NULL; i++) {
        struct answer *answer = &facts->paths.answers[i];
        const struct json *said = json_get(paths, probe->path);
        bool tells = said == NULL && strcmp(probe->path, TELL) == 0;
        add_path(row, answer, probe->path, said);
        if (!tells)
            continue;
        answer->response.status = 200;
        buf_reset(&answer->response.body);
        buf_puts(&answer->response.body, GOOD);
    }
    json_each(json_get(row, "dirs"), add_dir, &adding);
}

/* [status, {headers}, body] */
static void add_answer(struct answer *answer, const char *url, const struct json *value,
                       int otherwise) {
    ask(answer, url, status_of(json_at(value, 0), otherwise));
    if (json_get(json_at(value, 1), "Content-Type") == NULL)
        add_header(&answer->response, TEXT("Content-Type"), TEXT("text/html"));
    json_each(json_at(value, 1), add_member, &answer->response);
    buf_puts(&answer->response.body, json_str(json_at(value, 2), "nothing here"));
}

/* "trace", "options", "forwarded", "put", "read", "removed": as add_answer has it; put, read and
 * removed are only asked when they are given. */
static void add_methods(struct facts *facts, const struct json *row) {
    struct method_facts *methods = &facts->methods;
    static const char URL[] = "https://shop.example/", FILE_URL[] = "https://shop.example/qa.txt";
    snprintf(methods->mark, sizeof(methods->mark), "0123456789abcdef");
    add_answer(&methods->trace, URL, json_get(row, "trace"), 405);
    add_answer(&methods->options, URL, json_get(row, "options"), 204);
    add_answer(&methods->forwarded, URL, json_get(row, "forwarded"), 200);
    add_answer(&methods->put, FILE_URL, json_get(row, "put"), 405);
    if (json_get(row, "read") != NULL)
        add_answer(&methods->read, FILE_URL, json_get(row, "read"), 200);
    if (json_get(row, "removed") != NULL)
        add_answer(&methods->removed, FILE_URL, json_get(row, "removed"), 204);
}

/* "params": {"q": {"markup": [status, {headers}, body], ...}, ...}; what is left out is answered
 * with nothing of interest, null is not answered. */
static bool add_param(void *ctx, struct text name, const struct json *said) {
    static const char *const WORDS[PARAM_PROBE__COUNT] = {
        "plain",  "redirect", "markup", "line",          "quote",
        "quoted", "quotes",   "file",   "file_absolute", "template"};
    struct param_facts *params = ctx;
    struct param *param = &params->items[params->count++];
    text_copy(name, param->name, sizeof(param->name));
    for (int probe = 0; probe < PARAM_PROBE__COUNT; probe++) {
        const struct json *value = json_get(said, WORDS[probe]);
        struct answer *answer = &param->answers[probe];
        add_answer(answer, "https://shop.example/?q=x", value, 200);
        if (json_kind(value) == JSON_NULL)
            answer->err = ERR_TIMEOUT;
    }
    return true;
}

static void add_plain(struct facts *facts, const struct json *row) {
    char url[URL_HOST_SIZE + 16];
    bool said = json_kind(json_get(row, "plain")) == JSON_ARRAY;
    add_hops(&facts->plain, json_get(row, "plain"));
    if (said || !facts->target.tls || facts->target.port != 443)
        return;
    for (int hop = 0; hop < 2; hop++) {
        snprintf(url, sizeof(url), "%s://%s/", hop == 0 ? "http" : "https", facts->target.host);
        ask(&facts->plain.hops[facts->plain.count++], url, hop == 0 ? 301 : 200);
    }
    facts->plain.end = CHAIN_ANSWERED;
}

static void add_cors(struct facts *facts, const struct json *cors) {
    static const char *const WORDS[ORIGIN__COUNT] = {"foreign", "null", "suffixed", "prefixed"};
    const char *const origins[ORIGIN__COUNT] = {"https://qa-probe.invalid", "null",
                                                "https://shop.example.qa-probe.invalid",
                                                "https://qa-probe-shop.example"};
    for (int probe = 0; probe < ORIGIN__COUNT; probe++) {
        const struct json *answer = json_get(cors, WORDS[probe]);
        text_copy(text_of(origins[probe]), facts->cors.origin[probe],
                  sizeof(facts->cors.origin[0]));
        ask(&facts->cors.answers[probe], "https://shop.example/",
            status_of(json_get(answer, "status"), 200));
        json_each(answer, add_member, &facts->cors.answers[probe].response);
    }
}

static void add_certificate(struct tls_shake *shake, const struct json *tls) {
    struct tls_certificate *leaf = &shake->chain[0];
    int64_t days = 90, starts = -90, bits = 2048, error = 0;
    json_int(json_get(tls, "days"), -999, 999, &days);
    json_int(json_get(tls, "starts"), -999, 999, &starts);
    json_int(json_get(tls, "bits"), 0, 9999, &bits);
    leaf->not_after_s = MADE_FACTS_NOW_S + days * DAY_S;
    leaf->not_before_s = MADE_FACTS_NOW_S + starts * DAY_S;
    leaf->key_bits = (int)bits;
    leaf->has_ocsp = json_bool(json_get(tls, "has_ocsp"), true);
    leaf->must_staple = json_bool(json_get(tls, "must_staple"), false);
    snprintf(leaf->key_type, sizeof(leaf->key_type), "%s", json_str(json_get(tls, "key"), "RSA"));
    snprintf(leaf->signature, sizeof(leaf->signature), "%s",
             json_str(json_get(tls, "signature"), "sha256WithRSAEncryption"));
    shake->chain_count = 1;
    shake->completed = true;
    shake->stapled = json_bool(json_get(tls, "stapled"), true);
    shake->host_matches = json_bool(json_get(tls, "host_matches"), true);
    for (size_t i = 0; json_int(json_at(json_get(tls, "verify"), i), 0, 999, &error); i++)
        shake->verify_errors[shake->verify_error_count++] = (long)error;
}

/* "hellos": {"rc4": 5}: the suite that is chosen, with 65536 added for compression; or
 * [version, suite]; or "garbled", "timeout", "declined". Those left out are declined, but for the
 * one of kind `otherwise`. */
static void add_hello(struct hello_seen *seen, enum hello_kind kind, const struct json *value,
                      enum hello_kind otherwise) {
    const char *word = json_str(value, "");
    int64_t suite = 0, version = TLS_1_2;
    seen->asked = true;
    seen->err = strcmp(word, "timeout") == 0 ? ERR_TIMEOUT : ERR_OK;
    seen->answer.alert = kind == HELLO_OF_FALLBACK ? HELLO_ALERT_BAD_FALLBACK : 0;
    if (strcmp(word, "garbled") == 0)
        seen->answer.end = HELLO_GARBLED;
    if (strcmp(word, "declined") == 0)
        seen->answer.alert = 0;
    if (value == NULL && kind == otherwise)
        suite = ECDHE_SUITE;
    json_int(json_at(value, 0), 0, TLS_1_2, &version);
    if (suite == ECDHE_SUITE || json_int(value, 0, 0x1ffff, &suite) ||
        json_int(json_at(value, 1), 0, 0xffff, &suite))
        seen->answer = (struct hello_answer){.end = HELLO_ACCEPTED,
                                             .version = (uint16_t)version,
                                             .suite = (uint16_t)suite,
                                             .deflate = suite > 0xffff};
}

static void add_hellos(struct facts *facts, const struct json *hellos) {
    static const char *const WORDS[HELLO_OF__COUNT] = {
        "ssl2", "ssl3",    "null",    "anonymous", "export",   "rc4",          "des",
        "3des", "deflate", "forward", "static",    "fallback", "strong_first", "weak_first"};
    for (int kind = 0; kind < HELLO_OF__COUNT; kind++)
        add_hello(&facts->tls.hellos[kind], (enum hello_kind)kind, json_get(hellos, WORDS[kind]),
                  facts->tls.best.completed ? HELLO_OF_FORWARD : HELLO_OF__COUNT);
    facts->tls.weak_suite = facts_weak_suite(facts);
}

/* "dh_bits": of the group that is used, "again": what became of a renegotiation. */
static void add_old_versions(struct tls_facts *facts, const struct json *tls) {
    const char *again = json_str(json_get(tls, "again"), "");
    int64_t bits = 0;
    facts->dhe.completed = json_int(json_get(tls, "dh_bits"), 0, 99999, &bits);
    facts->dhe.dh_bits = (int)bits;
    facts->dhe.asked = facts->again.asked = true;
    facts->again.completed = true;
    facts->again.again = strcmp(again, "completed") == 0    ? TLS_AGAIN_COMPLETED
                         : strcmp(again, "unanswered") == 0 ? TLS_AGAIN_UNANSWERED
                                                            : TLS_AGAIN_DECLINED;
}

static void add_tls(struct facts *facts, const struct json *tls) {
    static const char *const WORDS[FACTS_TLS__COUNT] = {"1.0", "1.1", "1.2", "1.3"};
    const char *err = json_str(json_get(tls, "err"), "");
    struct tls_offer *best = &facts->tls.best;
    snprintf(facts->tls.url.host, sizeof(facts->tls.url.host), "%s", facts->target.host);
    facts->tls.url.tls = true;
    facts->tls.url.port = facts->target.tls ? facts->target.port : 443;
    facts->tls.url.port_is_default = facts->tls.url.port == 443;
    best->asked = true;
    best->err = strcmp(err, "connect") == 0   ? ERR_CONNECT
                : strcmp(err, "timeout") == 0 ? ERR_TIMEOUT
                                              : ERR_OK;
    best->completed = best->err == ERR_OK && json_bool(json_get(tls, "completed"), true);
    best->spoken = json_bool(json_get(tls, "spoken"), best->completed);
    for (int version = 0; version < FACTS_TLS__COUNT && best->completed; version++) {
        facts->tls.versions[version].asked = true;
        facts->tls.versions[version].renegotiates_safely =
            json_bool(json_get(tls, "renegotiates_safely"), true);
        facts->tls.versions[version].completed =
            json_bool(json_get(tls, WORDS[version]), version >= FACTS_TLS_1_2);
    }
    if (best->completed)
        add_certificate(&facts->tls.shake, tls);
    if (best->completed)
        add_old_versions(&facts->tls, tls);
    if (best->err == ERR_OK)
        add_hellos(facts, json_get(tls, "hellos"));
}

/* "same": the last session saw what is there now; "changed": something else as well, and one thing
 * less. */
static void add_payment(struct facts *facts, const char *before) {
    struct inventory now;
    if (before == NULL)
        return;
    inventory_take(facts, &now);
    text_copy(TEXT("session_1"), facts->payment.session, sizeof(facts->payment.session));
    for (size_t i = 0; i < now.count; i++)
        text_copy(text_of(now.items[i].digest), facts->payment.digests[facts->payment.count++],
                  INVENTORY_DIGEST_SIZE);
    if (strcmp(before, "changed") == 0)
        text_copy(TEXT("0123456789abcdef"), facts->payment.digests[0], INVENTORY_DIGEST_SIZE);
}

struct facts *made_facts(const struct json *bases, const struct json *row) {
    const char *url = json_str(json_get(row, "url"), "https://shop.example/");
    const char *first = json_str(json_at(json_at(json_get(row, "before"), 0), 0), url);
    struct facts *facts;
    assert(facts_new(text_of(first), &facts) == ERR_OK);
    facts->now_s = MADE_FACTS_NOW_S;
    facts->non_public = json_bool(json_get(row, "non_public"), false);
    add_hops(&facts->chain, json_get(row, "before"));
    add_page(facts, bases, row, url);
    add_crawled(facts, bases, row);
    add_plain(facts, row);
    add_cors(facts, json_get(row, "cors"));
    add_paths(facts, row);
    add_methods(facts, row);
    json_each(json_get(row, "params"), add_param, &facts->params);
    add_tls(facts, json_get(row, "tls"));
    facts_derive(facts);
    add_payment(facts, json_str(json_get(row, "payment_before"), NULL));
    return facts;
}

/* Connections and requests: few, paced, each through the gate. Judges nothing. */
#include "agents/security/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/security/gather_parts.h"
#include "agnostic/base/time.h"

enum { ADDRESSES_MAX = 32, HTTP_PORT = 80, HTTPS_PORT = 443, MS_US = 1000 };

static const char USER_AGENT[] = "agnostic-qa/" AGNOSTIC_VERSION;

enum err gather_new(const struct agent_task *task, struct facts *facts,
                    struct gather **ret_gather) {
    struct gather *gather = calloc(1, sizeof(*gather));
    if (gather == NULL)
        return ERR_NOMEM;
    gather->task = task;
    gather->facts = facts;
    gather->end_ms = time_mono_ms() + agent_task_left_ms(task, GATHER_BUDGET_MS);
    gather->most = INT64_MAX;
    json_int(json_path(task->root, "limits.max_requests"), 1, INT64_MAX, &gather->most);
    bucket_init(&gather->bucket, task->max_rps);
    enum err err = agent_task_gate(task, &gather->gate);
    if (err == ERR_OK)
        err = http_new(gather->gate, USER_AGENT, &gather->http);
    if (err != ERR_OK) {
        gather_free(gather);
        return err;
    }
    http_trust(gather->http, false); /* certificates are judged by themselves */
    *ret_gather = gather;
    return ERR_OK;
}

void gather_free(struct gather *gather) {
    if (gather == NULL)
        return;
    http_free(gather->http);
    robots_free(gather->robots);
    gate_free(gather->gate);
    free(gather);
}

size_t gather_requests(const struct gather *gather) {
    return gather->requests;
}

enum err gather_admit(struct gather *gather, struct fault *ret_fault) {
    struct addr addrs[ADDRESSES_MAX];
    size_t count = 0;
    enum err err =
        gate_resolve(gather->gate, &gather->facts->target, addrs, ADDRESSES_MAX, &count, ret_fault);
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        if (addr_classify(&addrs[i]) != ADDR_PUBLIC)
            gather->facts->non_public = true;
    return err;
}

enum err gather_turn(struct gather *gather, char *why, size_t why_size) {
    int64_t now_us = time_mono_us(), wait_us = bucket_wait_us(&gather->bucket, now_us);
    bool is_late = (now_us + wait_us) / MS_US > gather->end_ms;
    if (is_late || (int64_t)gather->requests >= gather->most) {
        snprintf(why, why_size, "The %s for requests is used up", is_late ? "time" : "number");
        return ERR_TIMEOUT;
    }
    while ((wait_us = bucket_wait_us(&gather->bucket, now_us = time_mono_us())) > 0)
        time_sleep_ms((wait_us + MS_US - 1) / MS_US);
    bucket_take(&gather->bucket, now_us);
    gather->requests++;
    return ERR_OK;
}

/* --- TLS ------------------------------------------------------------------------------------ */

/* A server that fell silent is not waited for again and again. */
static enum err gather_tls_turn(struct gather *gather, char *why, size_t why_size) {
    if (gather->silences < GATHER_SILENCES_MAX)
        return gather_turn(gather, why, why_size);
    snprintf(why, why_size, "The server stopped answering");
    return ERR_TIMEOUT;
}

static void gather_tls_end(struct gather *gather, enum err err) {
    gather->silences = err == ERR_TIMEOUT ? gather->silences + 1 : 0;
}

static void gather_offer(struct gather *gather, struct tls_wish wish, struct tls_offer *offer,
                         struct tls_shake *ret_shake) {
    struct tls_shake shake = {0};
    struct fault fault = {0};
    offer->asked = true;
    offer->err = gather_tls_turn(gather, offer->why, sizeof(offer->why));
    if (offer->err != ERR_OK)
        return;
    offer->err =
        tls_shake(gather->gate, &gather->facts->tls.url, &wish, GATHER_SHAKE_MS, &shake, &fault);
    gather_tls_end(gather, offer->err);
    snprintf(offer->why, sizeof(offer->why), "%.*s", (int)sizeof(offer->why) - 1, fault.text);
    if (offer->err != ERR_OK)
        return;
    offer->completed = shake.completed;
    offer->spoken = shake.spoken;
    offer->renegotiates_safely = shake.renegotiates_safely;
    offer->dh_bits = shake.dh_bits;
    offer->again = shake.again;
    memcpy(offer->cipher, shake.cipher, sizeof(offer->cipher));
    memcpy(offer->alert, shake.alert, sizeof(offer->alert));
    if (ret_shake != NULL)
        *ret_shake = shake;
}

static void gather_hello(struct gather *gather, enum hello_kind kind, uint16_t version) {
    struct tls_facts *tls = &gather->facts->tls;
    struct hello_seen *seen = &tls->hellos[kind];
    uint16_t suites[HELLO_SUITES_MAX];
    char why[ANSWER_WHY_SIZE];
    struct hello_offer offer;
    struct fault fault = {0};
    hello_offers_fill(kind, version, tls->weak_suite, suites, &offer);
    seen->asked = true;
    seen->err = gather_tls_turn(gather, why, sizeof(why));
    if (seen->err != ERR_OK)
        return;
    seen->err = hello_ask(gather->gate, &tls->url, &offer, GATHER_HELLO_MS, &seen->answer, &fault);
    gather_tls_end(gather, seen->err);
}

/* What OpenSSL no longer speaks; then what follows from the answers. */
static void gather_hellos(struct gather *gather) {
    struct tls_facts *tls = &gather->facts->tls;
    uint16_t fallback = facts_fallback_version(gather->facts);
    for (enum hello_kind kind = 0; kind < HELLO_OF__FIXED; kind++)
        gather_hello(gather, kind, 0);
    if (fallback != 0)
        gather_hello(gather, HELLO_OF_FALLBACK, fallback);
    tls->weak_suite = facts_weak_suite(gather->facts);
    if (tls->weak_suite == 0)
        return;
    gather_hello(gather, HELLO_OF_STRONG_FIRST, 0);
    gather_hello(gather, HELLO_OF_WEAK_FIRST, 0);
}

/* Each version by itself; then what only those before TLS 1.3 have. */
static void gather_versions(struct gather *gather) {
    static const int VERSIONS[FACTS_TLS__COUNT] = {TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3};
    static const char ONLY_DHE[] = "kDHE:!aNULL:@SECLEVEL=0";
    struct tls_facts *tls = &gather->facts->tls;
    for (int i = 0; i < FACTS_TLS__COUNT; i++)
        gather_offer(gather, (struct tls_wish){.min = VERSIONS[i], .max = VERSIONS[i]},
                     &tls->versions[i], NULL);
    int old = facts_old_version(gather->facts);
    if (old == 0)
        return;
    gather_offer(gather, (struct tls_wish){.min = TLS_1_0, .max = old, .ciphers = ONLY_DHE},
                 &tls->dhe, NULL);
    gather_offer(gather, (struct tls_wish){.min = old, .max = old, .again = true}, &tls->again,
                 NULL);
}

/* https of the target itself, or port 443 beside an http target. */
static void gather_tls_url(struct facts *facts) {
    struct url *url = &facts->tls.url;
    *url = facts->target;
    if (url->tls)
        return;
    url->tls = true;
    url->port = HTTPS_PORT;
    url->port_is_default = true;
}

void gather_tls(struct gather *gather) {
    struct facts *facts = gather->facts;
    struct tls_facts *tls = &facts->tls;
    gather_tls_url(facts);
    gather_offer(gather, (struct tls_wish){.min = TLS_1_0, .max = TLS_1_3}, &tls->best,
                 &tls->shake);
    bool is_target = facts->target.tls || facts->target.port == HTTP_PORT;
    if (tls->best.err != ERR_OK || !is_target || !gather->task->modes[RULE_SAFE])
        return;
    if (tls->best.completed)
        gather_versions(gather);
    gather_hellos(gather); /* also of a server that speaks nothing OpenSSL does */
}

/* --- HTTP ------------------------------------------------------------------------------------ */

void gather_ask(struct gather *gather, struct answer *answer, const char *origin,
                const struct http_limits *limits) {
    const struct gather_request request = {.method = "GET", .name = "Origin", .value = origin};
    gather_send(gather, answer, &request, limits);
}

void gather_send(struct gather *gather, struct answer *answer, const struct gather_request *wanted,
                 const struct http_limits *limits) {
    struct fault fault = {0};
    const struct http_header headers[] = {
        {TEXT("X-Agnostic-QA"), text_of(gather->task->session_id)},
        {TEXT("Accept"), TEXT("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")},
        {text_of(wanted->name), text_of(wanted->value)},
    };
    const struct http_request request = {.method = wanted->method,
                                         .url = text_of(answer->url_text),
                                         .headers = headers,
                                         .header_count = wanted->value != NULL ? 3 : 2,
                                         .body = wanted->body};
    answer->asked = true;
    answer->err = http_permits(gather->http, &request, &fault);
    if (answer->err != ERR_OK) {
        snprintf(answer->why, sizeof(answer->why), "%.*s", (int)sizeof(answer->why) - 1,
                 fault.text);
        return;
    }
    answer->err = gather_turn(gather, answer->why, sizeof(answer->why));
    if (answer->err != ERR_OK)
        return;
    answer->err = http_send(gather->http, &request, limits, &answer->response, &fault);
    bucket_heed(&gather->bucket, answer->response.status, answer->response.retry_after_s,
                time_mono_us());
    if (answer->err == ERR_OK)
        bucket_time(&gather->bucket, answer->response.total_us);
    snprintf(answer->why, sizeof(answer->why), "%.*s", (int)sizeof(answer->why) - 1, fault.text);
}

void gather_count(const struct answer *answer, int *failures) {
    if (answer->err != ERR_REFUSED)
        *failures = answer->err == ERR_OK ? 0 : *failures + 1;
}

bool gather_follow(const struct answer *from, struct answer *next) {
    struct buf full;
    struct text location = answer_header(from, "Location", 0);
    buf_init(&full, URL_MAX_BYTES);
    bool found = location.ptr != NULL && url_resolve(&from->url, location, &full) == ERR_OK &&
                 !full.failed && answer_url(next, buf_text(&full), NULL) == ERR_OK;
    buf_done(&full);
    return found;
}

static enum chain_end gather_chain_hop(struct gather *gather, struct chain *chain) {
    struct answer *answer = &chain->hops[chain->count++];
    gather_ask(gather, answer, NULL, &HTTP_LIMITS_PROBE);
    if (answer->err != ERR_OK)
        return answer->err == ERR_REFUSED ? CHAIN_REFUSED : CHAIN_FAILED;
    if (!answer_is_redirect(answer))
        return CHAIN_ANSWERED;
    if (chain->count == FACTS_HOPS_MAX)
        return CHAIN_TOO_LONG;
    if (!gather_follow(answer, &chain->hops[chain->count]))
        return CHAIN_BAD_LOCATION;
    return CHAIN_NOT_ASKED; /* there is more */
}

static void gather_chain(struct gather *gather, struct chain *chain, const char *url) {
    if (answer_url(&chain->hops[0], text_of(url), NULL) != ERR_OK)
        return;
    do
        chain->end = gather_chain_hop(gather, chain);
    while (chain->end == CHAIN_NOT_ASKED);
}

void gather_pages(struct gather *gather) {
    struct facts *facts = gather->facts;
    char plain[URL_HOST_SIZE + 16];
    gather_chain(gather, &facts->chain, facts->target_text);
    if (!facts->target.tls || facts->target.port != HTTPS_PORT)
        return; /* which http port would belong to another https port is not known */
    snprintf(plain, sizeof(plain), facts->target.host_is_ipv6 ? "http://[%s]/" : "http://%s/",
             facts->target.host);
    gather_chain(gather, &facts->plain, plain);
}

void gather_origins(struct gather *gather) {
    struct facts *facts = gather->facts;
    if (facts->page == NULL || !gather->task->modes[RULE_SAFE])
        return;
    facts_name_origins(facts);
    for (int probe = 0; probe < ORIGIN__COUNT; probe++) {
        struct answer *answer = &facts->cors.answers[probe];
        if (answer_url(answer, text_of(facts->page->url_text), NULL) == ERR_OK)
            gather_ask(gather, answer, facts->cors.origin[probe], &HTTP_LIMITS_PROBE);
    }
}

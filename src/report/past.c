/* Takes few numbers out of many summaries. Must not know how they are drawn. */
#include "agnostic/report/past.h"

#include <string.h>

void past_init(struct past *past, const char *session_id) {
    *past = (struct past){.session_id = session_id};
    buf_init(&past->way, PAST_WAY_MAX);
}

void past_done(struct past *past) {
    buf_done(&past->way);
}

static bool put_name(void *ctx, struct text name, const struct json *agent) {
    (void)agent;
    buf_putc(ctx, ' ');
    buf_puttext(ctx, name);
    return true;
}

/* How a session tested: its parameters, the names of its agents. */
static void put_way(const struct json *session, struct buf *way) {
    buf_puts(way, json_str(json_get(session, "parameters"), ""));
    json_each(json_get(session, "agents"), put_name, way);
}

/* --- one session ----------------------------------------------------------------------------- */

static void read_findings(const struct json *agent, struct past_session *one) {
    const struct json *findings = json_get(agent, "findings");
    for (size_t i = 0; i < json_count(findings); i++) {
        struct text word = {NULL, 0};
        enum severity severity = SEVERITY_INFO;
        (void)json_text(json_get(json_at(findings, i), "severity"), &word);
        (void)severity_read(word, &severity);
        one->counts[severity]++;
    }
    if (json_get(agent, "findings_omitted") != NULL || json_bool(json_get(agent, "omitted"), false))
        one->more = true;
}

static void read_metrics(const struct json *agent, struct past_session *one) {
    const struct json *metrics = json_get(agent, "metrics");
    for (size_t i = 0; i < json_count(metrics); i++) {
        const struct json *metric = json_at(metrics, i);
        double value;
        if (strcmp(json_str(json_get(metric, "name"), ""), "perf.latency.p95_ms") == 0 &&
            json_number(json_get(metric, "value"), &value) && value >= 0)
            one->p95_ms = value;
    }
}

static bool read_agent(void *ctx, struct text name, const struct json *agent) {
    (void)name;
    read_findings(agent, ctx);
    read_metrics(agent, ctx);
    return true;
}

/* "2026-02-21 10:00" of an ISO 8601 time. */
static bool read_when(const struct json *session, char when[static PAST_WHEN_SIZE]) {
    struct text iso = text_of(json_str(json_get(session, "completed_at"), ""));
    if (iso.len < PAST_WHEN_SIZE - 1 ||
        !text_copy(text_make(iso.ptr, PAST_WHEN_SIZE - 1), when, PAST_WHEN_SIZE))
        return false;
    when[10] = ' ';
    return true;
}

static void add(struct past *past, const struct json *session) {
    struct past_session one = {.p95_ms = -1};
    if (!verdict_read(text_of(json_str(json_get(session, "verdict"), "")), &one.verdict) ||
        !read_when(session, one.when))
        return;
    json_each(json_get(session, "agents"), read_agent, &one);
    past->sessions[past->count++] = one;
}

/* --- all of them ----------------------------------------------------------------------------- */

static void note(struct past *past, const struct json *session) {
    struct buf way;
    if (past->way.len == 0 &&
        strcmp(json_str(json_get(session, "session_id"), ""), past->session_id) == 0)
        put_way(session, &past->way);
    if (past->way.len == 0)
        return;
    buf_init(&way, PAST_WAY_MAX);
    put_way(session, &way);
    if (!way.failed && text_eq(buf_text(&way), buf_text(&past->way)))
        add(past, session);
    buf_done(&way);
}

bool past_note(struct past *past, struct text summary) {
    struct json *session = NULL;
    if (json_parse(summary, &JSON_LIMITS_RESULT, &session, NULL) == ERR_OK)
        note(past, session);
    json_free(session);
    return past->count < PAST_SESSIONS_MAX;
}

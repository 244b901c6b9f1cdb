/* session: what a run is remembered by. Must not know where that is kept. */
#include "agnostic/task/session.h"

#include <string.h>

#include "agnostic/task/verdict.h"
#include "task/outcome_parts.h"

enum {
    HEAD_ROOM = 8 << 10, /* bytes for all that is no agent's */
    AGENT_ROOM = 512     /* for an agent's own words */
};

/* --- findings ---------------------------------------------------------------------- */

static void put_short(struct json_out *out, const struct json *finding, const char *name) {
    struct text text;
    json_out_name(out, name);
    if (json_text(json_get(finding, name), &text))
        json_out_text(out, text_head(text, SESSION_TITLE_MAX));
    else
        json_out_null(out);
}

static enum err put_finding(const struct outcome_finding *finding, struct buf *buf) {
    static const char *const MEMBERS[] = {"fingerprint", "check_id", "title", "severity",
                                          "component"};
    struct json *root;
    struct json_out out;
    enum err err = json_parse(finding->json, &JSON_LIMITS_RESULT, &root, NULL);
    if (err != ERR_OK)
        return err == ERR_SYNTAX ? ERR_INTERNAL : err;
    buf_reset(buf);
    json_out_init(&out, buf);
    json_out_object(&out);
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++)
        put_short(&out, root, MEMBERS[i]);
    if (finding->advisory)
        json_out_member_bool(&out, "advisory", true);
    json_out_end_object(&out);
    json_free(root);
    return buf->failed ? ERR_NOMEM : ERR_OK;
}

/* The most severe first, as many as room has bytes for. */
static enum err put_findings(const struct outcome *outcome, size_t room, struct json_out *out) {
    struct buf one;
    enum err err = ERR_OK;
    size_t put = 0;
    buf_init(&one, OUTCOME_FINDING_MAX);
    json_out_name(out, "findings");
    json_out_array(out);
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        for (size_t i = 0; i < outcome->kept_count && room > 0 && err == ERR_OK; i++) {
            const struct outcome_finding *finding = &outcome->kept[i].finding;
            if ((int)finding->severity != severity)
                continue;
            err = put_finding(finding, &one);
            if (err == ERR_OK && one.len < room) {
                json_out_raw(out, buf_text(&one));
                room -= one.len + 1;
                put++;
            } else {
                room = 0;
            }
        }
    }
    json_out_end_array(out);
    if (outcome->kept_count + outcome_dropped(outcome) > put)
        json_out_member_int(out, "findings_omitted",
                            (int64_t)(outcome->kept_count + outcome_dropped(outcome) - put));
    buf_done(&one);
    return err;
}

/* --- agents ------------------------------------------------------------------------- */

/* Bytes of an agent without its findings. */
static size_t least_of(const struct outcome *outcome) {
    return AGENT_ROOM + outcome->checks.len + outcome->metrics.len + outcome->memo.len;
}

static void put_items(struct json_out *out, const char *name, const struct buf *items) {
    json_out_name(out, name);
    json_out_array(out);
    if (items->len > 0)
        json_out_raw(out, buf_text(items));
    json_out_end_array(out);
}

static enum err put_agent(const struct outcome *outcome, bool fits, size_t room,
                          struct json_out *out) {
    enum err err = ERR_OK;
    json_out_name(out, outcome->name);
    json_out_object(out);
    json_out_member(out, "role", role_name(outcome->role));
    json_out_member(out, "status", outcome_status_word(outcome->status));
    if (fits) {
        put_items(out, "checks", &outcome->checks);
        if (outcome->checks_dropped > 0)
            json_out_member_int(out, "checks_omitted", (int64_t)outcome->checks_dropped);
        put_items(out, "metrics", &outcome->metrics);
        if (outcome->memo.len > 0) {
            json_out_name(out, "memo");
            json_out_raw(out, buf_text(&outcome->memo));
        }
        err = put_findings(outcome, room, out);
    } else {
        json_out_member_bool(out, "omitted", true);
    }
    json_out_end_object(out);
    return err;
}

/* What is left beside checks and metrics is shared out evenly for findings. */
static enum err put_agents(const struct session *session, struct json_out *out) {
    size_t left = SESSION_MAX_BYTES - HEAD_ROOM - session->count * AGENT_ROOM, fitting = 0;
    enum err err = ERR_OK;
    while (fitting < session->count && least_of(session->outcomes[fitting]) <= left)
        left -= least_of(session->outcomes[fitting++]);
    json_out_object(out);
    for (size_t i = 0; i < session->count && err == ERR_OK; i++)
        err = put_agent(session->outcomes[i], i < fitting, left / session->count, out);
    json_out_end_object(out);
    return err;
}

enum err session_put(const struct session *session, struct buf *buf) {
    struct json_out out;
    struct criteria criteria;
    enum err err = criteria_read(session->request, &criteria);
    if (err != ERR_OK)
        return err;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "session_id", session->session_id);
    json_out_member(&out, "task_id", session->task_id);
    json_out_member(&out, "completed_at", session->completed_iso);
    json_out_member_text(&out, "target", session->request->target_url);
    json_out_member(&out, "parameters", session->parameters);
    json_out_member(&out, "verdict",
                    verdict_word(verdict_of(&criteria, session->outcomes, session->count)));
    json_out_name(&out, "agents");
    err = put_agents(session, &out);
    json_out_end_object(&out);
    return err == ERR_OK && buf->failed ? ERR_NOMEM : err;
}

const char *session_count(const struct outcome *const *outcomes, size_t count, size_t index,
                          int64_t *ret_n) {
    if (index >= COUNT__COUNT)
        return NULL;
    *ret_n = 0;
    for (size_t i = 0; i < count; i++)
        *ret_n += outcomes[i]->counts[index];
    return index == COUNT_CHECKS ? "total" : OUTCOME_COUNT_WORDS[index];
}

/* result: puts a finished task's `result` together. Must not know how the agents were
 * run; every number in it is counted from their lines. */
#include "agnostic/task/result.h"

#include "agnostic/task/criterion.h"
#include "agnostic/task/record.h"
#include "agnostic/task/verdict.h"
#include "task/outcome_parts.h"

/* Whether a model will be asked or not, so that what it says takes no finding's place. */
enum { RESULT_OWN_MAX_BYTES = RECORD_RESULT_MAX_BYTES - ADVICE_MAX_BYTES };

/* What result_put was called with. */
struct parts {
    const char *session_id, *completed_iso;
    const struct request *request;
    const struct outcome *const *outcomes;
    size_t count;
    struct criteria criteria;
};

static void put_plan(const struct parts *parts, struct json_out *out) {
    const struct request *request = parts->request;
    json_out_object(out);
    if (request->target_url.ptr != NULL)
        json_out_member_text(out, "target_url", request->target_url);
    else
        json_out_member(out, "target_url", NULL);
    json_out_name(out, "standards");
    if (request->standards != NULL)
        json_out_value(out, request->standards);
    else
        json_out_raw(out, TEXT("[]"));
    json_out_name(out, "agents");
    json_out_array(out);
    for (size_t i = 0; i < parts->count; i++) {
        const struct outcome *outcome = parts->outcomes[i];
        json_out_object(out);
        json_out_member(out, "agent", outcome->name);
        json_out_member(out, "role", role_name(outcome->role));
        json_out_member(out, "title", role_title(outcome->role));
        json_out_name(out, "checks");
        json_out_raw(out, outcome->plan.len > 0 ? buf_text(&outcome->plan) : TEXT("[]"));
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}

static void put_findings_counted(const struct parts *parts, struct json_out *out) {
    int64_t total = 0;
    json_out_object(out);
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        int64_t sum = 0;
        for (size_t i = 0; i < parts->count; i++)
            sum += (int64_t)parts->outcomes[i]->seen[severity];
        json_out_member_int(out, severity_word((enum severity)severity), sum);
        total += sum;
    }
    json_out_member_int(out, "total", total);
    json_out_end_object(out);
}

/* Of the agents that told; the others are named in agents_without_counts. */
static void put_checks_counted(const struct parts *parts, struct json_out *out) {
    json_out_object(out);
    for (int count = 0; count < COUNT__COUNT; count++) {
        int64_t sum = 0;
        for (size_t i = 0; i < parts->count; i++)
            sum += parts->outcomes[i]->counts[count];
        json_out_member_int(out, OUTCOME_COUNT_WORDS[count], sum);
    }
    json_out_end_object(out);
}

static bool has_completed(const struct outcome *outcome) {
    return outcome->status == OUTCOME_COMPLETED;
}

static bool has_not_completed(const struct outcome *outcome) {
    return outcome->status != OUTCOME_COMPLETED;
}

static bool has_no_counts(const struct outcome *outcome) {
    return !outcome->counts_known;
}

static void put_agents(const struct parts *parts, const char *name,
                       bool (*is_meant)(const struct outcome *), struct json_out *out) {
    json_out_name(out, name);
    json_out_array(out);
    for (size_t i = 0; i < parts->count; i++) {
        if (is_meant(parts->outcomes[i]))
            json_out_str(out, parts->outcomes[i]->name);
    }
    json_out_end_array(out);
}

static void put_verification(const struct parts *parts, struct json_out *out) {
    json_out_object(out);
    json_out_name(out, "findings");
    put_findings_counted(parts, out);
    json_out_name(out, "checks");
    put_checks_counted(parts, out);
    put_agents(parts, "agents_completed", has_completed, out);
    put_agents(parts, "agents_not_completed", has_not_completed, out);
    put_agents(parts, "agents_without_counts", has_no_counts, out);
    json_out_member(out, "final_status",
                    verdict_status(verdict_of(&parts->criteria, parts->outcomes, parts->count)));
    json_out_end_object(out);
}

static void put_all(const struct parts *parts, size_t room[OUTCOME_RANKS], struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "session_id", parts->session_id);
    json_out_member(&out, "status", task_state_word(TASK_COMPLETED));
    json_out_member(&out, "completed_at", parts->completed_iso);
    json_out_name(&out, "verdict");
    verdict_put(&parts->criteria, parts->outcomes, parts->count, &out);
    json_out_name(&out, "criteria");
    criteria_put(&parts->criteria, parts->outcomes, parts->count, &out);
    json_out_name(&out, "test_plan");
    put_plan(parts, &out);
    json_out_name(&out, "verification");
    put_verification(parts, &out);
    json_out_name(&out, "agent_results");
    json_out_object(&out);
    for (size_t i = 0; i < parts->count; i++) {
        json_out_name(&out, parts->outcomes[i]->name);
        outcome_put_within(parts->outcomes[i], &out, room);
    }
    json_out_end_object(&out);
    json_out_end_object(&out);
}

/* find_room(parts, bytes, room): how many findings of each rank fit into so many bytes, those that
 * decide first; once one does not fit, none behind it is taken. */
static void find_room(const struct parts *parts, size_t bytes, size_t room[OUTCOME_RANKS]) {
    for (unsigned rank = 0; rank < OUTCOME_RANKS; rank++)
        room[rank] = 0;
    for (unsigned rank = 0; rank < OUTCOME_RANKS; rank++) {
        for (size_t i = 0; i < parts->count; i++) {
            for (size_t k = 0; k < parts->outcomes[i]->kept_count; k++) {
                const struct outcome_finding *finding = &parts->outcomes[i]->kept[k].finding;
                if (outcome_finding_rank(finding) != rank)
                    continue;
                if (finding->json.len + 1 > bytes)
                    return;
                bytes -= finding->json.len + 1;
                room[rank]++;
            }
        }
    }
}

/* put_cut(parts, buf): as many findings as there is room for. */
static void put_cut(const struct parts *parts, struct buf *buf) {
    size_t none[OUTCOME_RANKS] = {0}, room[OUTCOME_RANKS];
    const size_t omitted_members = sizeof(",\"findings_omitted\":12345678") * parts->count;
    buf_reset(buf);
    put_all(parts, none, buf);
    if (buf->failed || buf->len + omitted_members > RESULT_OWN_MAX_BYTES)
        return;
    find_room(parts, RESULT_OWN_MAX_BYTES - buf->len - omitted_members, room);
    buf_reset(buf);
    put_all(parts, room, buf);
}

static bool names_are_unique(const struct parts *parts) {
    for (size_t i = 0; i < parts->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (text_is(text_of(parts->outcomes[i]->name), parts->outcomes[k]->name))
                return false;
        }
    }
    return true;
}

enum err result_put(struct buf *buf, const char *session_id, const char *completed_iso,
                    const struct request *request, const struct outcome *const *outcomes,
                    size_t count) {
    struct parts parts = {session_id, completed_iso, request, outcomes, count, {.count = 0}};
    enum err err =
        names_are_unique(&parts) ? criteria_read(request, &parts.criteria) : ERR_INTERNAL;
    if (err != ERR_OK)
        return err;
    put_all(&parts, NULL, buf);
    if (buf->failed || buf->len > RESULT_OWN_MAX_BYTES)
        put_cut(&parts, buf);
    return buf->failed || buf->len > RESULT_OWN_MAX_BYTES ? ERR_TOO_LARGE : ERR_OK;
}

void result_add_advice(struct buf *buf, const struct advice *advice,
                       const struct advice_facts *facts) {
    size_t end = buf->len - 1; /* where the object's brace stands */
    struct json_out out;
    buf_cut(buf, end);
    buf_puts(buf, ",\"llm\":");
    json_out_init(&out, buf);
    advice_put(advice, facts, &out);
    if (buf->failed)
        buf_cut(buf, end);
    buf_putc(buf, '}');
}

void result_put_error(struct buf *buf, const char *code, const char *message, int64_t attempt) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_name(&out, "error");
    json_out_object(&out);
    json_out_member(&out, "code", code);
    json_out_member(&out, "message", message);
    json_out_member_int(&out, "attempt", attempt);
    json_out_end_object(&out);
    json_out_end_object(&out);
}

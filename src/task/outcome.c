/* outcome: folds an agent's lines, one after the other. Must not know where they come
 * from, nor how the agent was run. */
#include "agnostic/task/outcome.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/task/clean.h"
#include "task/outcome_parts.h"

static const struct json_limits LINE_LIMITS = {.depth = 16, .members = 1024, .nodes = 20000};

static const struct {
    const char *word;
    const char *reason; /* when the agent gave none */
} STATUSES[OUTCOME_STATUS__COUNT] = {
    [OUTCOME_COMPLETED] = {"completed", ""},
    [OUTCOME_PARTIAL] = {"partial", "partial"},
    [OUTCOME_FAILED] = {"failed", "agent_failed"},
    [OUTCOME_REFUSED] = {"refused", "target_refused"},
    [OUTCOME_NOT_AVAILABLE] = {"not_available", "not_available"},
};

const char *const OUTCOME_COUNT_WORDS[COUNT__COUNT] = {
    [COUNT_CHECKS] = "checks",         [COUNT_PASSED] = "passed", [COUNT_FAILED] = "failed",
    [COUNT_SKIPPED] = "skipped",       [COUNT_ERROR] = "error",   [COUNT_FLAKY] = "flaky",
    [COUNT_NOT_TESTED] = "not_tested",
};

const char *outcome_status_word(enum outcome_status status) {
    return STATUSES[status].word;
}

enum err outcome_new(const char *name, enum role role, struct outcome **ret_outcome) {
    struct outcome *outcome = calloc(1, sizeof(*outcome));
    if (outcome == NULL)
        return ERR_NOMEM;
    outcome->name = text_dup(text_of(name));
    if (outcome->name == NULL) {
        free(outcome);
        return ERR_NOMEM;
    }
    outcome->role = role;
    outcome->percent = -1;
    buf_init(&outcome->plan, OUTCOME_PLAN_MAX);
    buf_init(&outcome->metrics, OUTCOME_METRICS_MAX);
    buf_init(&outcome->checks, OUTCOME_CHECKS_MAX);
    buf_init(&outcome->data, OUTCOME_DATA_MAX);
    buf_init(&outcome->memo, OUTCOME_MEMO_MAX);
    outcome_end(outcome, OUTCOME_FAILED, "no_result", NULL); /* until it is known better */
    outcome->has_ended = false;
    *ret_outcome = outcome;
    return ERR_OK;
}

void outcome_free(struct outcome *outcome) {
    if (outcome == NULL)
        return;
    for (size_t i = 0; i < outcome->kept_count; i++)
        outcome_kept_done(&outcome->kept[i]);
    free(outcome->kept);
    buf_done(&outcome->plan);
    buf_done(&outcome->metrics);
    buf_done(&outcome->checks);
    buf_done(&outcome->data);
    buf_done(&outcome->memo);
    free(outcome->name);
    free(outcome);
}

void outcome_listen(struct outcome *outcome,
                    void (*heard)(void *ctx, const char *level, struct text message), void *ctx) {
    outcome->heard = heard;
    outcome->heard_ctx = ctx;
}

/* --- how it ended ---------------------------------------------------------- */

static bool is_reason(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return t.len > 0 && t.len < OUTCOME_REASON_SIZE;
}

static void settle(struct outcome *outcome, enum outcome_status status, struct text reason,
                   struct text summary) {
    outcome->status = status;
    if (status == OUTCOME_COMPLETED || !is_reason(reason))
        reason = text_of(STATUSES[status].reason);
    text_copy(reason, outcome->reason, sizeof(outcome->reason));
    char *clean = clean_dup(summary, sizeof(outcome->summary) - 1);
    text_copy(text_of(clean), outcome->summary, sizeof(outcome->summary));
    free(clean);
}

void outcome_end(struct outcome *outcome, enum outcome_status status, const char *reason,
                 const char *text) {
    settle(outcome, status, text_of(reason), text_of(text != NULL ? text : reason));
    outcome->has_ended = true;
}

void outcome_close(struct outcome *outcome) {
    if (!outcome->has_result && !outcome->has_ended)
        outcome_end(outcome, OUTCOME_FAILED, "no_result",
                    "The agent ended without saying how it went.");
}

/* "3 findings: 1 high, 2 low." */
static void summarise(const struct outcome *outcome, char *dst, size_t size) {
    size_t total = 0, len = 0;
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        total += outcome->seen[severity];
    if (total == 0) {
        snprintf(dst, size, "No findings.");
        return;
    }
    len += (size_t)snprintf(dst, size, "%zu finding%s", total, total == 1 ? "" : "s");
    const char *before = ": ";
    for (int severity = 0; severity < SEVERITY__COUNT && len < size; severity++) {
        if (outcome->seen[severity] == 0)
            continue;
        len += (size_t)snprintf(dst + len, size - len, "%s%zu %s", before, outcome->seen[severity],
                                severity_word((enum severity)severity));
        before = ", ";
    }
    if (len < size)
        snprintf(dst + len, size - len, ".");
}

/* --- lines ------------------------------------------------------------------ */

static bool count_word(struct text word, int first, int *ret_count) {
    for (int count = first; count < COUNT__COUNT; count++) {
        if (text_is(word, OUTCOME_COUNT_WORDS[count])) {
            *ret_count = count;
            return true;
        }
    }
    return false;
}

static enum err fold_plan(struct outcome *outcome, const struct json *line) {
    const struct json *checks = json_get(line, "checks");
    struct json_out out;
    struct text id;
    outcome->planned = (int64_t)json_count(checks);
    buf_reset(&outcome->plan);
    json_out_init(&out, &outcome->plan);
    json_out_array(&out);
    for (size_t i = 0; i < json_count(checks); i++) {
        /* A byte takes at most six as JSON. */
        if (outcome->plan.len + 6 * OUTCOME_CHECK_ID_MAX + 4 > OUTCOME_PLAN_MAX)
            break;
        if (json_text(json_at(checks, i), &id))
            clean_put_text(&out, id, OUTCOME_CHECK_ID_MAX);
    }
    json_out_end_array(&out);
    return outcome->plan.failed ? ERR_NOMEM : ERR_OK;
}

static enum err fold_progress(struct outcome *outcome, const struct json *line) {
    int64_t done, total, percent;
    if (json_int(json_get(line, "percent"), 0, 100, &percent))
        outcome->percent = (int)percent;
    else if (json_int(json_get(line, "total"), 1, INT32_MAX, &total) &&
             json_int(json_get(line, "done"), 0, total, &done))
        outcome->percent = (int)(100 * done / total);
    return ERR_OK;
}

/* keep(items, dropped, item): behind the others, or counted when there is no room. item is freed.
 */
static enum err keep(struct buf *items, size_t *dropped, struct buf *item) {
    if (item->failed || items->len + item->len + 1 > items->max) {
        (*dropped)++;
    } else {
        buf_puts(items, items->len > 0 ? "," : "");
        buf_puttext(items, buf_text(item));
    }
    buf_done(item);
    return items->failed ? ERR_NOMEM : ERR_OK;
}

static enum err keep_check(struct outcome *outcome, const struct json *line, struct text id,
                           enum outcome_count status) {
    struct text component, reason;
    int64_t ms;
    struct buf check;
    struct json_out out;
    buf_init(&check, OUTCOME_CHECK_MAX);
    json_out_init(&out, &check);
    json_out_object(&out);
    json_out_name(&out, "id");
    clean_put_text(&out, id, OUTCOME_CHECK_ID_MAX);
    if (json_text(json_get(line, "component"), &component)) {
        json_out_name(&out, "component");
        clean_put_text(&out, component, OUTCOME_COMPONENT_MAX);
    }
    json_out_member(&out, "status", OUTCOME_COUNT_WORDS[status]);
    if (json_text(json_get(line, "reason"), &reason)) {
        json_out_name(&out, "reason");
        clean_put_text(&out, reason, OUTCOME_REASON_SIZE);
    }
    if (json_int(json_get(line, "duration_ms"), 0, INT32_MAX, &ms))
        json_out_member_int(&out, "ms", ms);
    json_out_end_object(&out);
    return keep(&outcome->checks, &outcome->checks_dropped, &check);
}

static enum err fold_check(struct outcome *outcome, const struct json *line) {
    struct text id, word;
    int count;
    if (!json_text(json_get(line, "id"), &id) || id.len == 0 ||
        !json_text(json_get(line, "status"), &word) || !count_word(word, COUNT_PASSED, &count))
        return ERR_SYNTAX;
    outcome->counts_known = outcome->counts_from_lines = true;
    outcome->counts[COUNT_CHECKS]++;
    outcome->counts[count]++;
    return keep_check(outcome, line, id, (enum outcome_count)count);
}

static enum err fold_metric(struct outcome *outcome, const struct json *line) {
    static const char *const LINE_MEMBERS[] = {"v",     "type",       "ts", "seq",
                                               "agent", "session_id", NULL};
    struct text name;
    double value;
    struct buf metric;
    struct json_out out;
    if (!json_text(json_get(line, "name"), &name) || name.len == 0 ||
        !json_number(json_get(line, "value"), &value))
        return ERR_SYNTAX;
    buf_init(&metric, OUTCOME_METRIC_MAX);
    json_out_init(&out, &metric);
    struct clean clean = {.out = &out, .values_left = 64, .skip = LINE_MEMBERS};
    json_out_object(&out);
    clean_put_members(&clean, line);
    json_out_end_object(&out);
    return keep(&outcome->metrics, &outcome->metrics_dropped, &metric);
}

/* A level of its own making is "info". */
static enum err fold_log(struct outcome *outcome, const struct json *line) {
    static const char *const LEVELS[] = {"debug", "info", "warn", "error"};
    const char *level = "info";
    struct text word, message;
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++)
        if (json_text(json_get(line, "level"), &word) && text_is(word, LEVELS[i]))
            level = LEVELS[i];
    if (outcome->heard != NULL && json_text(json_get(line, "message"), &message))
        outcome->heard(outcome->heard_ctx, level, message);
    return ERR_OK;
}

static bool status_read(const struct json *value, enum outcome_status *ret_status) {
    struct text word;
    for (int status = 0; json_text(value, &word) && status < OUTCOME_STATUS__COUNT; status++) {
        if (text_is(word, STATUSES[status].word)) {
            *ret_status = (enum outcome_status)status;
            return true;
        }
    }
    return false;
}

/* The agent's own document. One that is too large is left out whole: half would mislead. */
static bool fold_part(const struct json *line, const char *name, unsigned values, struct buf *buf) {
    struct json_out out;
    struct clean clean = {.out = &out, .values_left = values};
    json_out_init(&out, buf);
    if (json_kind(json_get(line, name)) == JSON_OBJECT)
        clean_put_value(&clean, json_get(line, name));
    if (!buf->failed && clean.values_left > 0)
        return true;
    buf_reset(buf);
    return false;
}

static enum err fold_result(struct outcome *outcome, const struct json *line) {
    enum outcome_status status;
    struct text reason = {0}, summary;
    char own[OUTCOME_SUMMARY_SIZE];
    if (!status_read(json_get(line, "status"), &status))
        return ERR_SYNTAX;
    outcome->has_result = true;
    outcome_add_counts(outcome, json_get(line, "counts"));
    outcome->data_dropped = !fold_part(line, "data", OUTCOME_DATA_VALUES, &outcome->data);
    fold_part(line, "memo", OUTCOME_MEMO_VALUES, &outcome->memo);
    if (outcome->has_ended)
        return ERR_OK;
    json_text(json_get(line, "reason"), &reason);
    summarise(outcome, own, sizeof(own));
    if (!json_text(json_get(line, "summary"), &summary) || text_trim(summary).len == 0)
        summary = text_of(own);
    if (status == OUTCOME_COMPLETED && outcome->finding_lost)
        settle(outcome, OUTCOME_PARTIAL, TEXT("agent_protocol"),
               TEXT("The agent printed a finding that cannot be read."));
    else
        settle(outcome, status, reason, summary);
    return ERR_OK;
}

/* Types that are not here are nobody's business yet. */
static const struct {
    const char *type;
    enum err (*fold)(struct outcome *, const struct json *line);
} TYPES[] = {
    {"plan", fold_plan},     {"progress", fold_progress},        {"check", fold_check},
    {"metric", fold_metric}, {"finding", outcome_add_finding},   {"result", fold_result},
    {"log", fold_log},       {"artifact", outcome_add_artifact},
};

static enum err fold(struct outcome *outcome, const struct json *line) {
    struct text type;
    int64_t version;
    if (!json_int(json_get(line, "v"), 1, 1, &version) || !json_text(json_get(line, "type"), &type))
        return ERR_SYNTAX;
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        if (!text_is(type, TYPES[i].type))
            continue;
        enum err err = TYPES[i].fold(outcome, line);
        /* What it told may have been grave: "nothing was found" would be a lie. */
        outcome->finding_lost |= err == ERR_SYNTAX && TYPES[i].fold == outcome_add_finding;
        return err;
    }
    return ERR_OK;
}

static enum err count_bad(struct outcome *outcome) {
    if (++outcome->bad_lines == OUTCOME_BAD_LINES_MAX + 1 && !outcome->has_ended)
        outcome_end(outcome, OUTCOME_FAILED, "agent_protocol",
                    "The agent printed too many lines that are not of the protocol.");
    return ERR_SYNTAX;
}

enum err outcome_line(struct outcome *outcome, struct text line) {
    struct json *root;
    if (text_trim(line).len == 0)
        return ERR_OK;
    if (outcome->has_result) {
        outcome->late_lines++;
        return ERR_OK;
    }
    enum err err = json_parse(line, &LINE_LIMITS, &root, NULL);
    if (err == ERR_OK) {
        err = fold(outcome, root);
        json_free(root);
    }
    return err == ERR_SYNTAX ? count_bad(outcome) : err;
}

/* --- what it adds up to ------------------------------------------------------- */

const char *outcome_name(const struct outcome *outcome) {
    return outcome->name;
}

enum outcome_status outcome_status(const struct outcome *outcome) {
    return outcome->status;
}

const char *outcome_reason(const struct outcome *outcome) {
    return outcome->reason[0] != '\0' ? outcome->reason : NULL;
}

const char *outcome_summary(const struct outcome *outcome) {
    return outcome->summary;
}

size_t outcome_findings(const struct outcome *outcome) {
    return outcome->kept_count;
}

const struct outcome_finding *outcome_finding(const struct outcome *outcome, size_t index) {
    return &outcome->kept[index].finding;
}

size_t outcome_dropped(const struct outcome *outcome) {
    size_t seen = 0;
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        seen += outcome->seen[severity];
    return seen - outcome->kept_count;
}

size_t outcome_bad_lines(const struct outcome *outcome) {
    return outcome->bad_lines;
}

int outcome_percent(const struct outcome *outcome) {
    return outcome->percent;
}

/* Puts lines together and counts them. Knows neither where they go nor what is checked. */
#include "agents/lines.h"

#include <pthread.h>
#include <stdlib.h>

#include "agents/finding.h"
#include "agnostic/base/time.h"

enum { LINES_MAX_BYTES = 256 << 10, LINES_SUMMARY_MAX = 1024, LINES_RULES_MAX = 256 };

struct lines {
    pthread_mutex_t lock;
    lines_sink sink;
    void *ctx;
    struct buf buf;
    struct json_out out;
    int64_t seq;
    bool ended;
    char *memo; /* of the result line, or NULL */
    size_t planned, checks[JUDGEMENT_STATUS__COUNT], findings[SEVERITY__COUNT];
};

static const char *const STATUS_WORDS[LINES_STATUS__COUNT] = {"completed", "partial", "failed",
                                                              "refused", "not_available"};

enum err lines_new(lines_sink sink, void *ctx, struct lines **ret_lines) {
    struct lines *lines = calloc(1, sizeof(*lines));
    if (lines == NULL)
        return ERR_NOMEM;
    pthread_mutex_init(&lines->lock, NULL);
    lines->sink = sink;
    lines->ctx = ctx;
    buf_init(&lines->buf, LINES_MAX_BYTES);
    *ret_lines = lines;
    return ERR_OK;
}

void lines_free(struct lines *lines) {
    if (lines == NULL)
        return;
    pthread_mutex_destroy(&lines->lock);
    buf_done(&lines->buf);
    free(lines->memo);
    free(lines);
}

/* Starts a line of that type; lines_end sends it. Held locked in between. */
static struct json_out *lines_begin(struct lines *lines, const char *type) {
    char now[TIME_ISO_SIZE];
    pthread_mutex_lock(&lines->lock);
    time_rfc3339_ms(time_wall_us(), now);
    buf_reset(&lines->buf);
    json_out_init(&lines->out, &lines->buf);
    json_out_object(&lines->out);
    json_out_member_int(&lines->out, "v", 1);
    json_out_member(&lines->out, "type", type);
    json_out_member(&lines->out, "ts", now);
    json_out_member_int(&lines->out, "seq", lines->seq + 1);
    return &lines->out;
}

/* A line that did not fit is left out; its number is not used, so no gap shows a loss that the
 * counts of the result do not show too. */
static void lines_end(struct lines *lines, bool last) {
    json_out_end_object(&lines->out);
    if (!lines->ended && !lines->buf.failed) {
        lines->seq++;
        lines->ended = last;
        lines->sink(lines->ctx, buf_text(&lines->buf));
    }
    pthread_mutex_unlock(&lines->lock);
}

void lines_hello(struct lines *lines, const char *name, struct text tools) {
    struct json_out *out = lines_begin(lines, "hello");
    json_out_member(out, "name", name);
    json_out_member(out, "version", AGNOSTIC_VERSION);
    if (tools.ptr != NULL) {
        json_out_name(out, "tools");
        json_out_raw(out, tools);
    }
    lines_end(lines, false);
}

void lines_plan(struct lines *lines, const struct lines_plan *plan) {
    struct json_out *out = lines_begin(lines, "plan");
    json_out_name(out, "checks");
    json_out_array(out);
    for (size_t i = 0; i < plan->planned_count; i++)
        json_out_str(out, plan->planned[i]->id);
    json_out_end_array(out);
    json_out_name(out, "skipped");
    json_out_array(out);
    for (size_t i = 0; i < plan->skipped_count; i++) {
        json_out_object(out);
        json_out_member(out, "id", plan->skipped[i]->id);
        json_out_member(out, "reason",
                        plan->skipped[i]->mode == RULE_NOT_AVAILABLE
                            ? rule_mode_word(RULE_NOT_AVAILABLE)
                            : "mode");
        json_out_end_object(out);
    }
    json_out_end_array(out);
    lines->planned = plan->planned_count;
    lines_end(lines, false);
}

static size_t lines_said(const struct lines *lines) {
    size_t said = 0;
    for (int status = 0; status < JUDGEMENT_STATUS__COUNT; status++)
        said += lines->checks[status];
    return said;
}

/* One that is planned may be said of several components. */
static size_t lines_checks(const struct lines *lines) {
    size_t said = lines_said(lines);
    return said > lines->planned ? said : lines->planned;
}

void lines_plan_rules(struct lines *lines, const struct rule *(*rule)(size_t index),
                      const bool modes[RULE_MODE__COUNT]) {
    const struct rule *planned[LINES_RULES_MAX], *skipped[LINES_RULES_MAX], *row;
    struct lines_plan plan = {planned, 0, skipped, 0};
    for (size_t i = 0; i < LINES_RULES_MAX && (row = rule(i)) != NULL; i++) {
        if (modes[row->mode])
            planned[plan.planned_count++] = row;
        else
            skipped[plan.skipped_count++] = row;
    }
    lines_plan(lines, &plan);
}

void lines_progress(struct lines *lines, const char *phase, size_t requests, const char *detail) {
    struct json_out *out = lines_begin(lines, "progress");
    json_out_member_int(out, "done", (int64_t)lines_said(lines));
    json_out_member_int(out, "total", (int64_t)lines_checks(lines));
    json_out_member(out, "phase", phase);
    json_out_member_int(out, "requests", (int64_t)requests);
    if (detail != NULL)
        json_out_member(out, "detail", detail);
    lines_end(lines, false);
}

void lines_metric(struct lines *lines, const struct lines_metric *metric) {
    struct json_out *out = lines_begin(lines, "metric");
    json_out_member(out, "name", metric->name);
    json_out_name(out, "value");
    json_out_double(out, metric->value);
    json_out_member(out, "unit", metric->unit);
    json_out_member_int(out, "n", metric->n);
    json_out_member(out, "method", metric->method);
    lines_end(lines, false);
}

void lines_artifact(struct lines *lines, const char *name, const char *media_type, int64_t bytes) {
    struct json_out *out = lines_begin(lines, "artifact");
    json_out_member(out, "name", name);
    json_out_member(out, "media_type", media_type);
    json_out_member_int(out, "bytes", bytes);
    lines_end(lines, false);
}

void lines_log(struct lines *lines, const char *level, const char *message) {
    struct json_out *out = lines_begin(lines, "log");
    json_out_member(out, "level", level);
    json_out_member(out, "message", message);
    lines_end(lines, false);
}

void lines_judgement(struct lines *lines, const struct rule *rule,
                     const struct judgement *judgement, bool non_public) {
    struct json_out *out = lines_begin(lines, "check");
    json_out_member(out, "id", rule->id);
    json_out_member(out, "status", judgement_status_word(judgement->status));
    json_out_member(out, "component", judgement->component);
    if (judgement->reason != NULL)
        json_out_member(out, "reason", judgement->reason);
    lines->checks[judgement->status]++;
    lines_end(lines, false);
    if (judgement->status != JUDGEMENT_FAILED)
        return;
    out = lines_begin(lines, "finding");
    finding_put(rule, judgement, non_public, out);
    lines->findings[rule_severity(rule, judgement->variant)]++;
    lines_end(lines, false);
}

static size_t lines_measured(const struct lines *lines) {
    return lines->checks[JUDGEMENT_PASSED] + lines->checks[JUDGEMENT_FAILED];
}

/* Without those that do not apply to this target. */
static size_t lines_applicable(const struct lines *lines) {
    return lines_checks(lines) - lines->checks[JUDGEMENT_SKIPPED];
}

/* "1 high, 2 low; 20 of 23 applicable checks measured" */
static void lines_summary(const struct lines *lines, struct buf *buf) {
    const char *separator = "";
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        if (lines->findings[severity] == 0)
            continue;
        buf_printf(buf, "%s%zu %s", separator, lines->findings[severity],
                   severity_word((enum severity)severity));
        separator = ", ";
    }
    buf_printf(buf, "%s; %zu of %zu applicable checks measured",
               separator[0] == '\0' ? "Nothing found" : "", lines_measured(lines),
               lines_applicable(lines));
}

static void lines_put_counts(const struct lines *lines, struct json_out *out) {
    json_out_name(out, "counts");
    json_out_object(out);
    json_out_member_int(out, "checks", (int64_t)lines_checks(lines));
    for (int status = 0; status < JUDGEMENT_STATUS__COUNT; status++)
        json_out_member_int(out, judgement_status_word((enum judgement_status)status),
                            (int64_t)lines->checks[status]);
    json_out_end_object(out);
    if (lines_applicable(lines) == 0)
        return;
    json_out_name(out, "coverage");
    json_out_double(out, (double)lines_measured(lines) / (double)lines_applicable(lines));
}

void lines_remember(struct lines *lines, struct text memo) {
    pthread_mutex_lock(&lines->lock);
    free(lines->memo);
    lines->memo = text_dup(memo);
    pthread_mutex_unlock(&lines->lock);
}

void lines_result(struct lines *lines, enum lines_status status, const char *reason,
                  const char *summary, struct text data) {
    struct json_out *out = lines_begin(lines, "result");
    struct buf made;
    buf_init(&made, LINES_SUMMARY_MAX);
    if (summary == NULL)
        lines_summary(lines, &made);
    json_out_member(out, "status", STATUS_WORDS[status]);
    if (reason != NULL)
        json_out_member(out, "reason", reason);
    json_out_member(out, "summary", summary != NULL ? summary : buf_str(&made));
    lines_put_counts(lines, out);
    if (data.ptr != NULL) {
        json_out_name(out, "data");
        json_out_raw(out, data);
    }
    if (lines->memo != NULL) {
        json_out_name(out, "memo");
        json_out_raw(out, text_of(lines->memo));
    }
    buf_done(&made);
    lines_end(lines, true);
}

/* SARIF 2.1.0 (OASIS). Rules are what findings name; GitHub shows at most 5 000 results and wants
 * "security-severity" as a text and locations without a scheme of the web. */
#include <stdio.h>

#include "report/compared.h"
#include "report/escape.h"
#include "report/forms.h"
#include "report/place.h"

enum { RESULTS_MAX = 5000, RULES_MAX = 2000, MESSAGE_MAX = 32768 }; /* bytes */
enum { MESSAGE_POINTS = 4000, RULE_POINTS = 1000 }; /* GitHub shows no more of a rule */

static const char *level_of(enum severity severity) {
    return severity <= SEVERITY_HIGH ? "error" : severity == SEVERITY_MEDIUM ? "warning" : "note";
}

static void put_message(struct json_out *out, const char *name, struct text text, size_t points) {
    struct buf plain;
    buf_init(&plain, MESSAGE_MAX);
    escape_message(&plain, text_head(text, points));
    json_out_name(out, name);
    json_out_object(out);
    json_out_member_text(out, "text",
                         plain.failed || plain.len == 0 ? TEXT("-") : buf_text(&plain));
    json_out_end_object(out);
    buf_done(&plain);
}

/* --- rules ----------------------------------------------------------------------------------- */

struct rules {
    const struct view_finding *firsts[RULES_MAX];
    size_t count;
};

/* rules->count: not among them. */
static size_t rule_index(const struct rules *rules, const struct view_finding *finding) {
    size_t i = 0;
    while (i < rules->count && !text_eq(rules->firsts[i]->check_id, finding->check_id))
        i++;
    return i;
}

static void rule_note(struct rules *rules, const struct view_finding *finding) {
    if (rule_index(rules, finding) == rules->count && rules->count < RULES_MAX)
        rules->firsts[rules->count++] = finding;
}

static void put_tags(const struct view_finding *finding, struct json_out *out) {
    char tag[64];
    json_out_name(out, "tags");
    json_out_array(out);
    json_out_text(out, finding->category.len > 0 ? finding->category : TEXT("quality"));
    uint64_t number;
    if (text_istarts(finding->cwe, TEXT("CWE-")) &&
        text_u64(text_make(finding->cwe.ptr + 4, finding->cwe.len - 4), UINT32_MAX, &number)) {
        snprintf(tag, sizeof(tag), "external/cwe/cwe-%llu", (unsigned long long)number);
        json_out_str(out, tag);
    }
    json_out_end_array(out);
}

static void put_rule(const struct view_finding *finding, struct json_out *out) {
    char score[16];
    json_out_object(out);
    json_out_member_text(out, "id", finding->check_id);
    put_message(out, "shortDescription", finding->title, RULE_POINTS);
    put_message(out, "fullDescription",
                finding->description.len > 0 ? finding->description : finding->title, RULE_POINTS);
    put_message(out, "help", finding->remediation.len > 0 ? finding->remediation : finding->title,
                RULE_POINTS);
    if (text_istarts(finding->reference, TEXT("https://")))
        json_out_member_text(out, "helpUri", finding->reference);
    json_out_name(out, "defaultConfiguration");
    json_out_object(out);
    json_out_member(out, "level", level_of(finding->severity));
    json_out_end_object(out);
    json_out_name(out, "properties");
    json_out_object(out);
    put_tags(finding, out);
    if (finding->score > 0) {
        snprintf(score, sizeof(score), "%.1f", finding->score);
        json_out_member(out, "security-severity", score);
    }
    json_out_end_object(out);
    json_out_end_object(out);
}

static void put_driver(const struct rules *rules, struct json_out *out) {
    json_out_name(out, "tool");
    json_out_object(out);
    json_out_name(out, "driver");
    json_out_object(out);
    json_out_member(out, "name", "Agnostic QA");
    json_out_member(out, "version", AGNOSTIC_VERSION);
    json_out_member(out, "semanticVersion", AGNOSTIC_VERSION);
    json_out_name(out, "rules");
    json_out_array(out);
    for (size_t i = 0; i < rules->count; i++)
        put_rule(rules->firsts[i], out);
    json_out_end_array(out);
    json_out_end_object(out);
    json_out_end_object(out);
}

/* --- results --------------------------------------------------------------------------------- */

static void put_location(const struct view_finding *finding, struct json_out *out) {
    struct buf path;
    buf_init(&path, PLACE_MAX_BYTES);
    place_path(finding, &path);
    json_out_name(out, "locations");
    json_out_array(out);
    json_out_object(out);
    json_out_name(out, "physicalLocation");
    json_out_object(out);
    json_out_name(out, "artifactLocation");
    json_out_object(out);
    json_out_member_text(out, "uri", buf_text(&path));
    json_out_end_object(out);
    json_out_name(out, "region");
    json_out_object(out);
    json_out_member_int(out, "startLine", 1);
    json_out_end_object(out);
    json_out_end_object(out);
    json_out_end_object(out);
    json_out_end_array(out);
    buf_done(&path);
}

static void put_properties(const struct view_finding *finding, struct json_out *out) {
    json_out_name(out, "properties");
    json_out_object(out);
    json_out_member_text(out, "agent", finding->agent->name);
    json_out_member_text(out, "url", place_url(finding));
    if (finding->reproduce.len > 0)
        json_out_member_text(out, "reproduce", finding->reproduce);
    if (finding->advisory)
        json_out_member_bool(out, "advisory", true);
    json_out_end_object(out);
}

static void put_result(const struct view_finding *finding, const struct rules *rules,
                       const struct compared *compared, struct json_out *out) {
    const char *state = compared_state(compared, finding);
    size_t rule = rule_index(rules, finding);
    struct buf message;
    buf_init(&message, MESSAGE_MAX);
    buf_puttext(&message, finding->title);
    buf_puts(&message, ". ");
    buf_puttext(&message, finding->seen);
    json_out_object(out);
    json_out_member_text(out, "ruleId", finding->check_id);
    if (rule < rules->count)
        json_out_member_int(out, "ruleIndex", (int64_t)rule);
    json_out_member(out, "level", finding->advisory ? "note" : level_of(finding->severity));
    put_message(out, "message", message.failed ? finding->title : buf_text(&message),
                MESSAGE_POINTS);
    put_location(finding, out);
    if (place_fingerprint(finding).len > 0) {
        json_out_name(out, "partialFingerprints");
        json_out_object(out);
        json_out_member_text(out, "checkAndComponent/v1", place_fingerprint(finding));
        json_out_end_object(out);
    }
    if (state != NULL)
        json_out_member(out, "baselineState", state);
    put_properties(finding, out);
    json_out_end_object(out);
    buf_done(&message);
}

/* --- the run --------------------------------------------------------------------------------- */

static void put_notification(struct json_out *out, struct text text) {
    json_out_object(out);
    json_out_member(out, "level", "error");
    put_message(out, "message", text, MESSAGE_POINTS);
    json_out_end_object(out);
}

/* Times are in UTC and end in Z (section 3.9); ours end in +00:00, the original's in anything. */
static void put_time(struct json_out *out, const char *name, const char *iso) {
    static const struct text ZONE = TEXT("+00:00");
    struct text local = text_of(iso);
    char stamp[40];
    if (!text_ends(local, ZONE))
        return;
    snprintf(stamp, sizeof(stamp), "%.*sZ", (int)(local.len - ZONE.len), local.ptr);
    json_out_member(out, name, stamp);
}

static void put_invocation(const struct view *view, struct json_out *out) {
    json_out_name(out, "invocations");
    json_out_array(out);
    json_out_object(out);
    json_out_member_bool(out, "executionSuccessful", view_whole(view));
    put_time(out, "startTimeUtc", view->record.created_at);
    put_time(out, "endTimeUtc", view->record.updated_at);
    json_out_name(out, "toolExecutionNotifications");
    json_out_array(out);
    if (view->failed)
        put_notification(out, view->error_text.len > 0 ? view->error_text : view->error_code);
    for (size_t i = 0; i < view->agent_count; i++)
        if (!view->agents[i].completed)
            put_notification(out, view->agents[i].summary);
    json_out_end_array(out);
    json_out_end_object(out);
    json_out_end_array(out);
}

static void put_run(const struct view *view, size_t count, const struct rules *rules,
                    struct json_out *out) {
    struct compared compared;
    compared_read(view, count, &compared);
    json_out_object(out);
    put_driver(rules, out);
    put_invocation(view, out);
    json_out_name(out, "results");
    json_out_array(out);
    for (size_t i = 0; i < count; i++)
        put_result(&view->findings[i], rules, &compared, out);
    json_out_end_array(out);
    json_out_name(out, "properties");
    json_out_object(out);
    json_out_member(out, "task_id", view->record.task_id);
    json_out_member_text(out, "target", view->target);
    json_out_member(out, "verdict", view_word(view));
    if (view->criteria != NULL) {
        json_out_name(out, "criteria");
        json_out_value(out, view->criteria);
    }
    json_out_end_object(out);
    json_out_end_object(out);
}

void form_sarif(const struct view *view, struct buf *buf) {
    struct rules rules = {.count = 0};
    struct json_out out;
    size_t count = view->finding_count < RESULTS_MAX ? view->finding_count : RESULTS_MAX;
    for (size_t i = 0; i < count; i++)
        rule_note(&rules, &view->findings[i]);
    json_out_init(&out, buf);
    out.ascii = true;
    json_out_object(&out);
    json_out_member(&out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_out_member(&out, "version", "2.1.0");
    json_out_name(&out, "runs");
    json_out_array(&out);
    put_run(view, count, &rules, &out);
    json_out_end_array(&out);
    json_out_end_object(&out);
    buf_putc(buf, '\n');
}

/* GitLab's security report of type dast, schema 15. Times are without a zone, as it wants them. */
#include <stdio.h>
#include <string.h>

#include "agnostic/base/url.h"
#include "report/escape.h"
#include "report/forms.h"
#include "report/place.h"

enum { STAMP_LEN = 19, UUID_LEN = 36 };
enum { TITLE_MAX = 255, SOLUTION_MAX = 7000 }; /* characters, as GitLab takes them */
enum { PROSE_MAX_BYTES = 64 << 10, PROSE_POINTS = 2000 };

static const char *const SEVERITIES[SEVERITY__COUNT] = {"Critical", "High", "Medium", "Low",
                                                        "Info"};

/* "2026-02-21T10:00:00" of an ISO 8601 time. */
static void put_stamp(struct json_out *out, const char *name, const char *iso) {
    struct text stamp = text_of(iso);
    stamp.len = stamp.len < STAMP_LEN ? stamp.len : STAMP_LEN;
    json_out_member_text(out, name, stamp);
}

/* The fingerprint's first 128 bits in the shape of a UUID. */
static void put_id(struct json_out *out, const struct view_finding *finding) {
    struct text hex = place_fingerprint(finding);
    char uuid[UUID_LEN + 1];
    if (hex.len < 32) {
        json_out_member_text(out, "id", finding->id);
        return;
    }
    snprintf(uuid, sizeof(uuid), "%.8s-%.4s-%.4s-%.4s-%.12s", hex.ptr, hex.ptr + 8, hex.ptr + 12,
             hex.ptr + 16, hex.ptr + 20);
    json_out_member(out, "id", uuid);
}

static void put_identifier(struct json_out *out, const char *type, struct text name,
                           struct text value) {
    json_out_object(out);
    json_out_member(out, "type", type);
    json_out_member_text(out, "name", name);
    json_out_member_text(out, "value", value);
    json_out_end_object(out);
}

static void put_identifiers(struct json_out *out, const struct view_finding *finding) {
    json_out_name(out, "identifiers");
    json_out_array(out);
    put_identifier(out, "agnostic_check", finding->check_id, finding->check_id);
    if (text_istarts(finding->cwe, TEXT("CWE-")) && finding->cwe.len > 4)
        put_identifier(out, "cwe", finding->cwe,
                       text_make(finding->cwe.ptr + 4, finding->cwe.len - 4));
    json_out_end_array(out);
}

static void put_location(struct json_out *out, const struct view_finding *finding) {
    struct url url;
    char origin[URL_HOST_SIZE + 32] = "";
    bool known = url_parse(place_url(finding), &url, NULL) == ERR_OK;
    if (known)
        url_origin(&url, origin, sizeof(origin));
    json_out_name(out, "location");
    json_out_object(out);
    json_out_member_text(out, "hostname", known ? text_of(origin) : finding->component);
    json_out_member(out, "method", "GET");
    json_out_member_text(out, "path", known ? url.path : TEXT("/"));
    json_out_end_object(out);
}

/* GitLab reads these as Markdown. */
static void put_prose(struct json_out *out, const char *name, struct text t) {
    struct buf prose;
    buf_init(&prose, PROSE_MAX_BYTES);
    escape_markdown(&prose, text_head(t, PROSE_POINTS));
    json_out_member_text(out, name, text_head(buf_text(&prose), SOLUTION_MAX));
    buf_done(&prose);
}

static void put_finding(struct json_out *out, const struct view_finding *finding) {
    json_out_object(out);
    put_id(out, finding);
    json_out_member_text(out, "name", text_head(finding->title, TITLE_MAX));
    put_prose(out, "description", finding->description);
    json_out_member(out, "severity", SEVERITIES[finding->severity]);
    put_prose(out, "solution", finding->remediation);
    put_identifiers(out, finding);
    put_location(out, finding);
    json_out_name(out, "evidence");
    json_out_object(out);
    json_out_member_text(out, "summary", finding->seen);
    json_out_end_object(out);
    json_out_end_object(out);
}

static void put_tool(struct json_out *out, const char *name) {
    json_out_name(out, name);
    json_out_object(out);
    json_out_member(out, "id", "agnostic-qa");
    json_out_member(out, "name", "Agnostic QA");
    json_out_member(out, "version", AGNOSTIC_VERSION);
    json_out_name(out, "vendor");
    json_out_object(out);
    json_out_member(out, "name", "Agnostic QA");
    json_out_end_object(out);
    json_out_end_object(out);
}

static void put_message(struct json_out *out, struct text who, struct text what) {
    struct buf words;
    buf_init(&words, PROSE_MAX_BYTES);
    escape_plain(&words, who);
    buf_puts(&words, ": ");
    escape_plain(&words, what);
    json_out_object(out);
    json_out_member(out, "level", "fatal");
    json_out_member_text(out, "value", buf_text(&words));
    json_out_end_object(out);
    buf_done(&words);
}

static void put_messages(const struct view *view, struct json_out *out) {
    json_out_name(out, "messages");
    json_out_array(out);
    if (view->failed)
        put_message(out, view->error_code, view->error_text);
    for (size_t i = 0; i < view->agent_count; i++)
        if (!view->agents[i].completed)
            put_message(out, view->agents[i].name, view->agents[i].summary);
    json_out_end_array(out);
}

static void put_scan(const struct view *view, struct json_out *out) {
    json_out_name(out, "scan");
    json_out_object(out);
    put_tool(out, "analyzer");
    put_tool(out, "scanner");
    json_out_member(out, "type", "dast");
    put_stamp(out, "start_time", view->record.created_at);
    put_stamp(out, "end_time", view->record.updated_at);
    json_out_member(out, "status", view_whole(view) ? "success" : "failure");
    put_messages(view, out);
    json_out_name(out, "scanned_resources");
    json_out_array(out);
    if (view->target.len > 0) {
        json_out_object(out);
        json_out_member(out, "method", "GET");
        json_out_member(out, "type", "url");
        json_out_member_text(out, "url", view->target);
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}

/* Security findings alone: GitLab shows them as vulnerabilities. */
void form_dast(const struct view *view, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    out.ascii = true;
    json_out_object(&out);
    json_out_member(&out, "version", "15.0.7");
    json_out_name(&out, "vulnerabilities");
    json_out_array(&out);
    for (size_t i = 0; i < view->finding_count; i++)
        if (text_is(view->findings[i].category, "security"))
            put_finding(&out, &view->findings[i]);
    json_out_end_array(&out);
    put_scan(view, &out);
    json_out_end_object(&out);
    buf_putc(buf, '\n');
}

/* GitLab Code Quality: a flat array. It wants a file and a line; the file is the target's path. */
#include "report/escape.h"
#include "report/forms.h"
#include "report/place.h"

static const char *const SEVERITIES[SEVERITY__COUNT] = {"blocker", "critical", "major", "minor",
                                                        "info"};

static void put_finding(const struct view_finding *finding, struct json_out *out) {
    struct buf path, words;
    buf_init(&path, PLACE_MAX_BYTES);
    buf_init(&words, PLACE_MAX_BYTES);
    place_path(finding, &path);
    escape_plain(&words, finding->title);
    buf_puts(&words, " (");
    escape_plain(&words, finding->component);
    buf_puts(&words, ")");
    json_out_object(out);
    json_out_member_text(out, "description", buf_text(&words));
    json_out_member_text(out, "check_name", finding->check_id);
    json_out_member_text(out, "fingerprint",
                         finding->fingerprint.len > 0 ? place_fingerprint(finding) : finding->id);
    json_out_member(out, "severity", SEVERITIES[finding->severity]);
    json_out_name(out, "location");
    json_out_object(out);
    json_out_member_text(out, "path", buf_text(&path));
    json_out_name(out, "lines");
    json_out_object(out);
    json_out_member_int(out, "begin", 1);
    json_out_end_object(out);
    json_out_end_object(out);
    json_out_end_object(out);
    buf_done(&path);
    buf_done(&words);
}

void form_codequality(const struct view *view, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    out.ascii = true;
    json_out_array(&out);
    for (size_t i = 0; i < view->finding_count; i++)
        put_finding(&view->findings[i], &out);
    json_out_end_array(&out);
    buf_putc(buf, '\n');
}

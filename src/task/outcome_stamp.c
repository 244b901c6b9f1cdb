/* outcome_stamp: an agent's line as the log keeps it. Counts nothing. */
#include "agnostic/base/time.h"
#include "task/clean.h"
#include "task/outcome_parts.h"

static const struct json_limits STAMP_LIMITS = {.depth = 16, .members = 1024, .nodes = 20000};

static void put_head(struct json_out *out, const struct json *line, uint64_t seq, int64_t us) {
    static const char *const NAMES[] = {"v", "type", "ts", "seq"};
    struct clean clean = {.out = out, .values_left = sizeof(NAMES) / sizeof(NAMES[0])};
    char now[TIME_ISO_SIZE];
    int64_t number;
    struct text text;
    time_rfc3339_ms(us, now);
    json_out_member_int(out, "v", 1);
    json_out_name(out, "type");
    if (json_text(json_get(line, "type"), &text))
        clean_put_text(out, text, OUTCOME_CHECK_ID_MAX);
    else
        json_out_str(out, "log");
    json_out_name(out, "ts");
    if (json_text(json_get(line, "ts"), &text) && time_parse_iso(text, &number))
        clean_put_value(&clean, json_get(line, "ts"));
    else
        json_out_str(out, now);
    if (!json_int(json_get(line, "seq"), 0, INT64_MAX, &number))
        number = (int64_t)seq;
    json_out_member_int(out, "seq", number);
}

void outcome_stamp(struct text line, const char *agent, const char *session_id, uint64_t seq,
                   int64_t us, struct buf *buf) {
    static const char *const WRITTEN[] = {"v", "type", "ts", "seq", "agent", "session_id", NULL};
    struct json *root = NULL;
    struct json_out out;
    struct clean clean = {.out = &out, .values_left = STAMP_LIMITS.nodes, .skip = WRITTEN};
    bool is_line =
        json_parse(line, &STAMP_LIMITS, &root, NULL) == ERR_OK && json_kind(root) == JSON_OBJECT;
    json_out_init(&out, buf);
    json_out_object(&out);
    put_head(&out, root, seq, us);
    json_out_member(&out, "agent", agent);
    json_out_member(&out, "session_id", session_id);
    if (is_line) {
        clean_put_members(&clean, root);
    } else {
        json_out_member(&out, "level", "warn");
        json_out_name(&out, "message");
        clean_put_text(&out, line, OUTCOME_STRING_MAX);
    }
    json_out_end_object(&out);
    json_free(root);
}

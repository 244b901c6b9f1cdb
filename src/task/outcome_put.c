/* outcome_put: prints what an agent's lines added up to. Judges nothing. */
#include "task/outcome_parts.h"

static void put_counts(const struct outcome *outcome, struct json_out *out) {
    json_out_object(out);
    for (int count = 0; outcome->counts_known && count < COUNT__COUNT; count++)
        json_out_member_int(out, OUTCOME_COUNT_WORDS[count], outcome->counts[count]);
    if (outcome->planned > 0)
        json_out_member_int(out, "planned", outcome->planned);
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        json_out_member_int(out, severity_word((enum severity)severity),
                            (int64_t)outcome->seen[severity]);
    json_out_end_object(out);
}

static void put_count_if(struct json_out *out, const char *name, size_t count) {
    if (count > 0)
        json_out_member_int(out, name, (int64_t)count);
}

/* put_findings(...): the number that was left out. */
static size_t put_findings(const struct outcome *outcome, struct json_out *out, size_t *room) {
    size_t omitted = 0;
    json_out_array(out);
    for (size_t i = 0; i < outcome->kept_count; i++) {
        const struct outcome_finding *finding = &outcome->kept[i].finding;
        size_t *left = room != NULL ? &room[outcome_finding_rank(finding)] : NULL;
        if (left == NULL || *left > 0) {
            json_out_raw(out, finding->json);
            if (left != NULL)
                (*left)--;
        } else {
            omitted++;
        }
    }
    json_out_end_array(out);
    return omitted;
}

static void put_checks(const struct outcome *outcome, struct json_out *out, bool fits) {
    json_out_name(out, "checks");
    json_out_array(out);
    if (fits && outcome->checks.len > 0)
        json_out_raw(out, buf_text(&outcome->checks));
    json_out_end_array(out);
    if (outcome->checks_dropped > 0 || (!fits && outcome->checks.len > 0))
        json_out_member_bool(out, "checks_omitted", true);
}

static void put_data(const struct outcome *outcome, struct json_out *out, bool fits) {
    if (fits && outcome->data.len > 0) {
        json_out_name(out, "data");
        json_out_raw(out, buf_text(&outcome->data));
    }
    if (outcome->data_dropped || (!fits && outcome->data.len > 0))
        json_out_member_bool(out, "data_omitted", true);
}

void outcome_put_within(const struct outcome *outcome, struct json_out *out,
                        size_t room[OUTCOME_RANKS]) {
    json_out_object(out);
    json_out_member(out, "status", outcome_status_word(outcome->status));
    if (outcome_reason(outcome) != NULL)
        json_out_member(out, "reason", outcome_reason(outcome));
    json_out_member(out, "summary", outcome->summary);
    json_out_name(out, "counts");
    put_counts(outcome, out);
    json_out_name(out, "findings");
    size_t omitted = put_findings(outcome, out, room);
    put_count_if(out, "findings_omitted", omitted + outcome_dropped(outcome));
    json_out_name(out, "metrics");
    json_out_array(out);
    if (outcome->metrics.len > 0)
        json_out_raw(out, buf_text(&outcome->metrics));
    json_out_end_array(out);
    put_count_if(out, "metrics_omitted", outcome->metrics_dropped);
    if (outcome->artifact_count > 0)
        outcome_put_artifacts(outcome, out);
    put_checks(outcome, out, room == NULL);
    put_data(outcome, out, room == NULL);
    put_count_if(out, "protocol_errors", outcome->bad_lines);
    put_count_if(out, "late_lines", outcome->late_lines);
    json_out_end_object(out);
}

void outcome_put(const struct outcome *outcome, struct json_out *out) {
    outcome_put_within(outcome, out, NULL);
}

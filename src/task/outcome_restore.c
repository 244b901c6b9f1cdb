/* outcome_restore: an outcome from what outcome_put printed. Judges nothing. */
#include "task/outcome_parts.h"

static struct text member(const struct json *object, const char *name) {
    struct text text = {NULL, 0};
    (void)json_text(json_get(object, name), &text);
    return text;
}

void outcome_add_counts(struct outcome *outcome, const struct json *counts) {
    for (int count = 0; count < COUNT__COUNT && !outcome->counts_from_lines; count++) {
        if (json_int(json_get(counts, OUTCOME_COUNT_WORDS[count]), 0, INT32_MAX,
                     &outcome->counts[count]))
            outcome->counts_known = true;
    }
}

static enum err restore_findings(struct outcome *outcome, const struct json *findings) {
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_count(findings); i++)
        err = outcome_add_finding(outcome, json_at(findings, i));
    return err == ERR_SYNTAX ? ERR_DAMAGED : err;
}

/* Objects with commas between, as they are kept while an agent runs. */
static enum err restore_items(struct buf *items, const struct json *list) {
    struct json_out out;
    for (size_t i = 0; i < json_count(list); i++) {
        buf_puts(items, i > 0 ? "," : "");
        json_out_init(&out, items);
        json_out_value(&out, json_at(list, i));
    }
    return items->failed ? ERR_DAMAGED : ERR_OK;
}

static enum err restore_data(struct buf *buf, const struct json *data) {
    struct json_out out;
    json_out_init(&out, buf);
    if (json_kind(data) == JSON_OBJECT)
        json_out_value(&out, data);
    return buf->failed ? ERR_DAMAGED : ERR_OK;
}

static enum err restore_end(struct outcome *outcome, const struct json *stored) {
    struct text word = member(stored, "status");
    for (int status = 0; status < OUTCOME_STATUS__COUNT; status++) {
        if (text_is(word, outcome_status_word((enum outcome_status)status))) {
            outcome_end(outcome, (enum outcome_status)status,
                        json_str(json_get(stored, "reason"), ""),
                        json_str(json_get(stored, "summary"), ""));
            return ERR_OK;
        }
    }
    return ERR_DAMAGED;
}

enum err outcome_restore(const char *name, enum role role, const struct json *stored,
                         struct outcome **ret_outcome) {
    struct outcome *outcome;
    enum err err = outcome_new(name, role, &outcome);
    if (err != ERR_OK)
        return err;
    err = restore_end(outcome, stored);
    outcome_add_counts(outcome, json_get(stored, "counts"));
    outcome->checks_dropped = json_bool(json_get(stored, "checks_omitted"), false);
    (void)json_int(json_path(stored, "counts.planned"), 0, INT32_MAX, &outcome->planned);
    if (err == ERR_OK)
        err = restore_findings(outcome, json_get(stored, "findings"));
    if (err == ERR_OK)
        err = restore_items(&outcome->metrics, json_get(stored, "metrics"));
    if (err == ERR_OK)
        err = restore_items(&outcome->checks, json_get(stored, "checks"));
    if (err == ERR_OK)
        err = restore_data(&outcome->data, json_get(stored, "data"));
    if (err == ERR_OK)
        *ret_outcome = outcome;
    else
        outcome_free(outcome);
    return err;
}

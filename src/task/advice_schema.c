/* The form of an answer, as a JSON schema that servers can hold a model to: every member named and
 * required, none besides, alternatives by anyOf. What they cannot express is in advice_answer.c,
 * which takes nobody's word for any of it. */
#include "agnostic/task/verdict.h"
#include "task/advice_parts.h"

static void open_object(struct json_out *out, const char *const *names, size_t count) {
    json_out_object(out);
    json_out_member(out, "type", "object");
    json_out_name(out, "additionalProperties");
    json_out_bool(out, false);
    json_out_name(out, "required");
    json_out_array(out);
    for (size_t i = 0; i < count; i++)
        json_out_str(out, names[i]);
    json_out_end_array(out);
    json_out_name(out, "properties");
    json_out_object(out);
}

static void close_object(struct json_out *out) {
    json_out_end_object(out);
    json_out_end_object(out);
}

static void put_type(struct json_out *out, const char *name, const char *type) {
    json_out_name(out, name);
    json_out_object(out);
    json_out_member(out, "type", type);
    json_out_end_object(out);
}

static void open_words(struct json_out *out, const char *name) {
    json_out_name(out, name);
    json_out_object(out);
    json_out_member(out, "type", "string");
    json_out_name(out, "enum");
    json_out_array(out);
}

static void close_words(struct json_out *out) {
    json_out_end_array(out);
    json_out_end_object(out);
}

static void put_criterion(const struct criteria *criteria, struct json_out *out) {
    char id[CRITERION_ID_SIZE];
    open_words(out, ADVICE_CRITERION);
    for (size_t i = 0; i < criteria->count; i++) {
        if (criteria->items[i].kind != CRITERION_UNMAPPED)
            continue;
        criteria_id(i, id);
        json_out_str(out, id);
    }
    close_words(out);
}

static void put_by_metric(const struct criteria *criteria, struct json_out *out) {
    static const char *const NAMES[] = {ADVICE_CRITERION, ADVICE_METRIC, ADVICE_OP, ADVICE_VALUE};
    open_object(out, NAMES, sizeof(NAMES) / sizeof(NAMES[0]));
    put_criterion(criteria, out);
    open_words(out, ADVICE_METRIC);
    for (size_t i = 0; criterion_metric(i) != NULL; i++)
        json_out_str(out, criterion_metric(i)->name);
    close_words(out);
    open_words(out, ADVICE_OP);
    json_out_str(out, "<=");
    json_out_str(out, ">=");
    close_words(out);
    put_type(out, ADVICE_VALUE, "number");
    close_object(out);
}

static void put_by_checks(const struct criteria *criteria, struct json_out *out) {
    static const char *const NAMES[] = {ADVICE_CRITERION, ADVICE_CHECKS};
    open_object(out, NAMES, sizeof(NAMES) / sizeof(NAMES[0]));
    put_criterion(criteria, out);
    json_out_name(out, ADVICE_CHECKS);
    json_out_object(out);
    json_out_member(out, "type", "array");
    put_type(out, "items", "string");
    json_out_end_object(out);
    close_object(out);
}

static void put_proposals(const struct criteria *criteria, struct json_out *out) {
    json_out_name(out, ADVICE_PROPOSALS);
    json_out_object(out);
    json_out_member(out, "type", "array");
    json_out_name(out, "items");
    json_out_object(out);
    json_out_name(out, "anyOf");
    json_out_array(out);
    put_by_metric(criteria, out);
    put_by_checks(criteria, out);
    json_out_end_array(out);
    json_out_end_object(out);
    json_out_end_object(out);
}

void advice_schema_put(const struct advice_facts *facts, struct json_out *out) {
    static const char *const NAMES[] = {ADVICE_VERDICT, ADVICE_SUMMARY, ADVICE_PROPOSALS};
    bool proposing = advice_unmapped(facts->criteria) > 0;
    open_object(out, NAMES, proposing ? 3 : 2);
    open_words(out, ADVICE_VERDICT);
    json_out_str(out, verdict_word(verdict_of(facts->criteria, facts->outcomes, facts->count)));
    close_words(out);
    put_type(out, ADVICE_SUMMARY, "string");
    if (proposing)
        put_proposals(facts->criteria, out);
    close_object(out);
}

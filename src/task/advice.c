/* The words of advice, and what a result says of it. Believes no number that came with it. */
#include "agnostic/task/advice.h"

#include <math.h>
#include <string.h>

#include "agnostic/task/clean.h"
#include "task/advice_parts.h"

const char *advice_word(enum advice_reason reason) {
    static const char *const WORDS[] = {
#define X(name, word) [ADVICE_##name] = word,
        ADVICE_TABLE(X)
#undef X
    };
    return WORDS[reason];
}

const char *advice_op(const struct criterion_metric *metric) {
    return metric->at_least ? ">=" : "<=";
}

size_t advice_unmapped(const struct criteria *criteria) {
    size_t count = 0;
    for (size_t i = 0; i < criteria->count; i++)
        count += criteria->items[i].kind == CRITERION_UNMAPPED;
    return count;
}

/* --- is it what a reader of answers gives? --------------------------------------------------- */

static bool proposal_is_sound(const struct advice_proposal *proposal,
                              const struct advice_facts *facts) {
    if (proposal->criterion >= facts->criteria->count ||
        proposal->check_count > CRITERION_SUBJECTS_MAX)
        return false;
    for (size_t i = 0; i < proposal->check_count; i++)
        if (proposal->checks[i] >= check_list_count(facts->checks))
            return false;
    return proposal->check_count > 0 ||
           (criterion_metric(proposal->metric) != NULL && isfinite(proposal->value));
}

static enum advice_reason reason_of(const struct advice *advice, const struct advice_facts *facts) {
    if (advice->reason != ADVICE_USED)
        return advice->reason < ADVICE__COUNT ? advice->reason : ADVICE_FAILED;
    bool sound = advice->count <= ADVICE_PROPOSALS_MAX &&
                 memchr(advice->summary, '\0', sizeof(advice->summary)) != NULL;
    for (size_t i = 0; sound && i < advice->count; i++)
        sound = proposal_is_sound(&advice->proposals[i], facts);
    return sound ? ADVICE_USED : ADVICE_FAILED;
}

/* --- printing -------------------------------------------------------------------------------- */

static void put_metric(const struct advice_proposal *proposal, struct json_out *out) {
    const struct criterion_metric *metric = criterion_metric(proposal->metric);
    json_out_member(out, "kind", criteria_kind_word(CRITERION_METRIC));
    json_out_member(out, ADVICE_METRIC, metric->name);
    json_out_member(out, ADVICE_OP, advice_op(metric));
    json_out_name(out, ADVICE_VALUE);
    json_out_double(out, proposal->value);
}

static void put_checks(const struct advice_proposal *proposal, const struct check_list *checks,
                       struct json_out *out) {
    json_out_member(out, "kind", criteria_kind_word(CRITERION_CHECKS));
    json_out_name(out, ADVICE_CHECKS);
    json_out_array(out);
    for (size_t i = 0; i < proposal->check_count; i++)
        json_out_str(out, check_list_id(checks, proposal->checks[i]));
    json_out_end_array(out);
}

static void put_proposals(const struct advice *advice, const struct advice_facts *facts,
                          struct json_out *out) {
    json_out_array(out);
    for (size_t i = 0; i < advice->count; i++) {
        char id[CRITERION_ID_SIZE];
        criteria_id(advice->proposals[i].criterion, id);
        json_out_object(out);
        json_out_member(out, ADVICE_CRITERION, id);
        if (advice->proposals[i].check_count > 0)
            put_checks(&advice->proposals[i], facts->checks, out);
        else
            put_metric(&advice->proposals[i], out);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

void advice_put(const struct advice *advice, const struct advice_facts *facts,
                struct json_out *out) {
    enum advice_reason reason = reason_of(advice, facts);
    json_out_object(out);
    json_out_member_bool(out, "used", reason == ADVICE_USED);
    json_out_member(out, "model", facts->model);
    if (reason == ADVICE_USED) {
        json_out_name(out, ADVICE_SUMMARY);
        clean_put_text(out, text_of(advice->summary), ADVICE_SUMMARY_MAX_BYTES);
        json_out_name(out, ADVICE_PROPOSALS);
        put_proposals(advice, facts, out);
    } else {
        json_out_member(out, "reason", advice_word(reason));
    }
    json_out_end_object(out);
}

/* Reads a stranger's answer. The first thing in it that was not asked for ends the reading. */
#include <math.h>
#include <string.h>

#include "agnostic/base/shown.h"
#include "agnostic/task/verdict.h"
#include "task/advice_parts.h"

static const struct json_limits LIMITS_RESPONSE = {.depth = 12, .members = 64, .nodes = 2000};
static const struct json_limits LIMITS_CONTENT = {.depth = 4, .members = 8, .nodes = 400};

/* --- members --------------------------------------------------------------------------------- */

struct naming {
    const char *const *names;
    size_t count;
    bool good;
};

static bool look_at_name(void *ctx, struct text name, const struct json *value) {
    struct naming *naming = ctx;
    (void)value;
    naming->good = false;
    for (size_t i = 0; i < naming->count; i++)
        naming->good = naming->good || text_is(name, naming->names[i]);
    return naming->good;
}

/* All of these members and no others. No name stands there twice: that is no JSON here. */
static bool has_exactly(const struct json *object, const char *const *names, size_t count) {
    struct naming naming = {names, count, true};
    if (json_kind(object) != JSON_OBJECT || json_count(object) != count)
        return false;
    json_each(object, look_at_name, &naming);
    return naming.good;
}

/* --- the summary ----------------------------------------------------------------------------- */

static bool is_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool next_word(struct text *rest, struct text *ret_word) {
    size_t start = 0, end;
    while (start < rest->len && !is_word(rest->ptr[start]))
        start++;
    for (end = start; end < rest->len && is_word(rest->ptr[end]);)
        end++;
    *ret_word = text_make(rest->ptr + start, end - start);
    *rest = text_make(rest->ptr + end, rest->len - end);
    return ret_word->len > 0;
}

/* Does it look like one of our ids ("SEC-TLS-99") without being one, or what several begin with? */
static bool invents_check(struct text word, const struct check_list *checks) {
    struct text rest = word, head;
    if (!text_cut(&rest, '-', &head) || rest.ptr == NULL || rest.len == 0)
        return false;
    return check_list_begins(checks, text_make(word.ptr, head.len + 1)) &&
           !check_list_begins(checks, word);
}

/* What is plainly untrue of it; nobody can tell that of all it says. */
static enum advice_reason judge_summary(struct text summary, enum verdict verdict,
                                        const struct check_list *checks) {
    struct text word;
    enum verdict named;
    while (next_word(&summary, &word)) {
        if (verdict_read(word, &named) && named != verdict)
            return ADVICE_CONTRADICTS;
        if (invents_check(word, checks))
            return ADVICE_UNKNOWN_CHECK;
    }
    return ADVICE_USED;
}

/* One line of it, without what must not be shown. */
static void keep_summary(struct text summary, char dst[static ADVICE_SUMMARY_MAX_BYTES + 1]) {
    struct text piece;
    size_t len = 0;
    bool fit;
    while (shown_next(&summary, &piece, &fit)) {
        bool blank = piece.ptr[0] == '\n' || piece.ptr[0] == '\t' || piece.ptr[0] == '\r';
        if (!fit)
            piece = blank ? TEXT(" ") : TEXT("?");
        if (len + piece.len > ADVICE_SUMMARY_MAX_BYTES)
            break;
        memcpy(dst + len, piece.ptr, piece.len);
        len += piece.len;
    }
    dst[len] = '\0';
}

static enum advice_reason read_summary(const struct json *content, const struct advice_facts *facts,
                                       struct advice *advice) {
    enum verdict verdict = verdict_of(facts->criteria, facts->outcomes, facts->count);
    struct text said, summary;
    if (!json_text(json_get(content, ADVICE_VERDICT), &said) ||
        !json_text(json_get(content, ADVICE_SUMMARY), &summary) || text_trim(summary).len == 0)
        return ADVICE_UNEXPECTED;
    if (!text_is(said, verdict_word(verdict)))
        return ADVICE_CONTRADICTS;
    keep_summary(text_trim(summary), advice->summary);
    return judge_summary(text_trim(summary), verdict, facts->checks);
}

/* --- proposals ------------------------------------------------------------------------------- */

static bool is_proposed(const struct advice *advice, size_t criterion) {
    for (size_t i = 0; i < advice->count; i++)
        if (advice->proposals[i].criterion == criterion)
            return true;
    return false;
}

static enum advice_reason read_criterion(const struct json *json, const struct criteria *criteria,
                                         uint16_t *ret_criterion) {
    struct text said;
    char id[CRITERION_ID_SIZE];
    if (!json_text(json_get(json, ADVICE_CRITERION), &said))
        return ADVICE_UNEXPECTED;
    for (size_t i = 0; i < criteria->count; i++) {
        criteria_id(i, id);
        if (criteria->items[i].kind == CRITERION_UNMAPPED && text_is(said, id)) {
            *ret_criterion = (uint16_t)i;
            return ADVICE_USED;
        }
    }
    return ADVICE_UNKNOWN_CRITERION;
}

static enum advice_reason read_metric(const struct json *json, struct advice_proposal *proposal) {
    const struct criterion_metric *metric;
    struct text name, op;
    if (!json_text(json_get(json, ADVICE_METRIC), &name) ||
        !json_text(json_get(json, ADVICE_OP), &op) ||
        !json_number(json_get(json, ADVICE_VALUE), &proposal->value))
        return ADVICE_UNEXPECTED;
    for (size_t i = 0; (metric = criterion_metric(i)) != NULL; i++) {
        if (!text_is(name, metric->name))
            continue;
        proposal->metric = (uint16_t)i;
        return text_is(op, advice_op(metric)) && isfinite(proposal->value) &&
                       proposal->value >= 0 && proposal->value <= metric->max
                   ? ADVICE_USED
                   : ADVICE_UNEXPECTED;
    }
    return ADVICE_UNKNOWN_METRIC;
}

static enum advice_reason read_checks(const struct json *json, const struct check_list *list,
                                      struct advice_proposal *proposal) {
    const struct json *checks = json_get(json, ADVICE_CHECKS);
    if (json_kind(checks) != JSON_ARRAY || json_count(checks) == 0 ||
        json_count(checks) > CRITERION_SUBJECTS_MAX)
        return ADVICE_UNEXPECTED;
    for (size_t i = 0; i < json_count(checks); i++) {
        struct text id;
        size_t check;
        if (!json_text(json_at(checks, i), &id))
            return ADVICE_UNEXPECTED;
        if (!check_list_find(list, id, &check))
            return ADVICE_UNKNOWN_CHECK;
        proposal->checks[proposal->check_count++] = (uint16_t)check;
    }
    return ADVICE_USED;
}

static enum advice_reason read_proposal(const struct json *json, const struct advice_facts *facts,
                                        struct advice_proposal *proposal) {
    static const char *const BY_METRIC[] = {ADVICE_CRITERION, ADVICE_METRIC, ADVICE_OP,
                                            ADVICE_VALUE};
    static const char *const BY_CHECKS[] = {ADVICE_CRITERION, ADVICE_CHECKS};
    enum advice_reason reason = read_criterion(json, facts->criteria, &proposal->criterion);
    if (reason != ADVICE_USED)
        return reason;
    if (has_exactly(json, BY_METRIC, sizeof(BY_METRIC) / sizeof(BY_METRIC[0])))
        return read_metric(json, proposal);
    if (has_exactly(json, BY_CHECKS, sizeof(BY_CHECKS) / sizeof(BY_CHECKS[0])))
        return read_checks(json, facts->checks, proposal);
    return ADVICE_UNEXPECTED;
}

static enum advice_reason read_proposals(const struct json *list, const struct advice_facts *facts,
                                         struct advice *advice) {
    if (json_kind(list) != JSON_ARRAY || json_count(list) > ADVICE_PROPOSALS_MAX)
        return ADVICE_UNEXPECTED;
    for (size_t i = 0; i < json_count(list); i++) {
        struct advice_proposal proposal = {0};
        enum advice_reason reason = read_proposal(json_at(list, i), facts, &proposal);
        if (reason != ADVICE_USED)
            return reason;
        if (is_proposed(advice, proposal.criterion))
            return ADVICE_UNEXPECTED;
        advice->proposals[advice->count++] = proposal;
    }
    return ADVICE_USED;
}

/* --- the whole ------------------------------------------------------------------------------- */

static enum advice_reason read_content(struct text text, const struct advice_facts *facts,
                                       struct advice *advice) {
    static const char *const NAMES[] = {ADVICE_VERDICT, ADVICE_SUMMARY, ADVICE_PROPOSALS};
    bool proposing = advice_unmapped(facts->criteria) > 0;
    struct json *content = NULL;
    if (json_parse(text, &LIMITS_CONTENT, &content, NULL) != ERR_OK)
        return ADVICE_NOT_JSON;
    enum advice_reason reason = has_exactly(content, NAMES, proposing ? 3 : 2)
                                    ? read_summary(content, facts, advice)
                                    : ADVICE_UNEXPECTED;
    if (reason == ADVICE_USED && proposing)
        reason = read_proposals(json_get(content, ADVICE_PROPOSALS), facts, advice);
    json_free(content);
    return reason;
}

/* A response has members of its server's; of them, only an end that is none matters. */
static enum advice_reason read_response(const struct json *response,
                                        const struct advice_facts *facts, struct advice *advice) {
    const struct json *choice = json_at(json_get(response, "choices"), 0);
    const struct json *message = json_get(choice, "message");
    struct text content, why;
    if (!json_text(json_get(message, "content"), &content) ||
        json_kind(json_get(message, "refusal")) == JSON_STRING ||
        (json_text(json_get(choice, "finish_reason"), &why) && !text_is(why, "stop")))
        return ADVICE_NO_CONTENT;
    return read_content(content, facts, advice);
}

void advice_answer(struct text body, const struct advice_facts *facts, struct advice *ret_advice) {
    struct json *response = NULL;
    *ret_advice = (struct advice){.reason = ADVICE_NOT_JSON};
    if (body.len > ADVICE_ANSWER_MAX_BYTES)
        ret_advice->reason = ADVICE_TOO_LARGE;
    else if (json_parse(body, &LIMITS_RESPONSE, &response, NULL) == ERR_OK)
        ret_advice->reason = read_response(response, facts, ret_advice);
    json_free(response);
    if (ret_advice->reason != ADVICE_USED)
        *ret_advice = (struct advice){.reason = ret_advice->reason};
}

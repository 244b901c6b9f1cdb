/* verdict_again: the verdict of a stored result, judged anew by the same rules. Must not look at
 * the verdict that stands in it. */
#include <stdlib.h>

#include "agnostic/task/result.h"
#include "agnostic/task/verdict.h"

struct again {
    const struct json *result;
    struct criteria criteria;
    struct outcome *outcomes[OUTCOME_AGENTS_MAX];
    size_t count;
    enum err err;
};

static bool restore_agent(void *ctx, struct text name, const struct json *stored) {
    struct again *again = ctx;
    char *copy = again->count < OUTCOME_AGENTS_MAX ? text_dup(name) : NULL;
    if (copy == NULL) {
        again->err = again->count < OUTCOME_AGENTS_MAX ? ERR_NOMEM : ERR_DAMAGED;
        return false;
    }
    again->err = outcome_restore(copy, result_role(again->result, name), stored,
                                 &again->outcomes[again->count]);
    free(copy);
    if (again->err == ERR_OK)
        again->count++;
    return again->err == ERR_OK;
}

/* That there were more criteria than are looked at stands among the reasons alone. */
static bool had_more(const struct json *reasons) {
    struct text code;
    for (size_t i = 0; i < json_count(reasons); i++)
        if (json_text(json_get(json_at(reasons, i), "code"), &code) &&
            text_is(code, VERDICT_MORE_CRITERIA))
            return true;
    return false;
}

enum err verdict_again(const struct json *result, struct json_out *out, enum verdict *ret_verdict) {
    struct again again = {.result = result};
    if (json_kind(json_get(result, "agent_results")) != JSON_OBJECT)
        return ERR_DAMAGED;
    again.err = criteria_restore(json_get(result, "criteria"), &again.criteria);
    again.criteria.more = had_more(json_path(result, "verdict.reasons"));
    if (again.err == ERR_OK)
        json_each(json_get(result, "agent_results"), restore_agent, &again);
    if (again.err == ERR_OK) {
        const struct outcome *const *outcomes = (const struct outcome *const *)again.outcomes;
        *ret_verdict = verdict_of(&again.criteria, outcomes, again.count);
        verdict_put(&again.criteria, outcomes, again.count, out);
    }
    for (size_t i = 0; i < again.count; i++)
        outcome_free(again.outcomes[i]);
    return again.err;
}

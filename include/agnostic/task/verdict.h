/* verdict: GO or not, a pure function of the outcomes of a task's agents and of the criteria that
 * its client wrote.
 *
 *   critical or high finding, criterion that failed     -> NO_GO
 *   medium finding                                      -> GO_WITH_WARNINGS
 *   a chosen agent is not `completed`                   -> INCOMPLETE
 *   criterion that was not measured, or not understood  -> GO_WITH_WARNINGS
 *   less than VERDICT_SHARE_MIN of an agent's checks ran -> GO_WITH_WARNINGS
 *   an agent's word for a finding decides, its score not -> GO_WITH_WARNINGS
 *   an agent's checks failed, and it has no finding     -> GO_WITH_WARNINGS
 *   else                                                -> GO
 *
 * An advisory finding (of little weight for this target) decides nothing and is named.
 * First match wins: a proven finding is no less true because another agent is missing.
 * Every verdict lists all its reasons, a missing agent among them whatever the word is.
 */
#ifndef AGNOSTIC_TASK_VERDICT_H
#define AGNOSTIC_TASK_VERDICT_H

#include "agnostic/task/criterion.h"
#include "agnostic/task/outcome.h"

enum verdict {
    VERDICT_GO,
    VERDICT_GO_WITH_WARNINGS,
    VERDICT_NO_GO,
    VERDICT_INCOMPLETE,
    VERDICT__COUNT
};

#define VERDICT_SHARE_MIN 0.5

const char *verdict_word(enum verdict verdict);
bool verdict_read(struct text word, enum verdict *ret_verdict);
/* verdict_status(verdict): approved, approved_with_recommendations, rejected, incomplete: the
 * `final_status` of the service this one replaces. */
const char *verdict_status(enum verdict verdict);
/* verdict_exit(verdict): of agnosticctl submit --wait: 0 GO, 1 NO_GO, 2 GO_WITH_WARNINGS,
 * 3 INCOMPLETE. */
int verdict_exit(enum verdict verdict);

/* verdict_of(criteria, outcomes, count): no outcome at all is INCOMPLETE. */
enum verdict verdict_of(const struct criteria *criteria, const struct outcome *const *outcomes,
                        size_t count);
/* verdict_put(criteria, outcomes, count, out): {"status":"NO_GO","reasons":[{code,agent,...}],
 * "score","confidence"}; a reason of a criterion has criterion_id in place of agent. */
void verdict_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                 size_t count, struct json_out *out);
/* verdict_again(result, out, &verdict): the same from a stored `result`, whose own verdict is not
 * looked at (but for VERDICT_MORE_CRITERIA, which stands nowhere else). ERR_DAMAGED: it cannot be
 * judged; ERR_NOMEM, ERR_INTERNAL. Out may have been begun. */
#define VERDICT_MORE_CRITERIA "more_criteria"
enum err verdict_again(const struct json *result, struct json_out *out, enum verdict *ret_verdict);

#endif

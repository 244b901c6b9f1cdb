/* score: what the agents of a task found, as numbers of 0 to 100. Pure; decides nothing.
 *
 * Of an agent that tests whether things work, the share of its checks that passed; of any other,
 * 100 times a factor for each severity (critical 0.6, high 0.8, medium 0.93, low 0.98) to the power
 * of how many checks found something that grave, at most five. Advisory findings count nothing. A
 * role has the lowest score of its agents; overall is the mean of roles by weight (security 0.30,
 * performance and junior-qa 0.20, senior-qa and qa-analyst 0.15; qa-manager none). */
#ifndef AGNOSTIC_TASK_SCORE_H
#define AGNOSTIC_TASK_SCORE_H

#include "agnostic/task/outcome.h"

/* NAN: nobody told enough to be scored. */
struct score {
    double overall, roles[ROLE__COUNT];
};

struct score score_of(const struct outcome *const *outcomes, size_t count);
/* score_put(score, out): {"overall":84,"security-compliance":80,...}; what is NAN is left out, but
 * for overall, which is null. */
void score_put(const struct score *score, struct json_out *out);

#endif

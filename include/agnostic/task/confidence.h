/* confidence: how much a verdict rests on, 0 to 1. Pure; decides nothing.
 *
 * The smallest share, over the agents, of planned checks that were carried out, times the share of
 * criteria that were answered, times that of CONFIDENCE_SAMPLES requests which a load was measured
 * with, times CONFIDENCE_DISPUTED for each agent whose word for a finding is graver than its score.
 * An agent that names no checks counts CONFIDENCE_UNCOUNTED. High from 0.8, medium from 0.5.
 */
#ifndef AGNOSTIC_TASK_CONFIDENCE_H
#define AGNOSTIC_TASK_CONFIDENCE_H

#include "agnostic/task/criterion.h"
#include "agnostic/task/outcome.h"

enum { CONFIDENCE_SAMPLES = 400 };
#define CONFIDENCE_UNCOUNTED 0.7
#define CONFIDENCE_DISPUTED 0.4

/* confidence_share(outcome): of the checks that apply, how many were carried out, 0 to 1. */
double confidence_share(const struct outcome *outcome);
/* confidence_put(criteria, outcomes, count, out): {"value":0.93,"level":"high","because":[{"code",
 * "agent"?,"share"},...]}; because: what keeps it below 1. Codes: agent_not_completed,
 * checks_not_run, no_checks_told, criteria_not_answered, few_samples, severity_disputed. */
void confidence_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                    size_t count, struct json_out *out);

#endif

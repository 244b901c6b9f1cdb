/* advisor: asks a language model about a finished task, where the operator named one
 * (AGNOSTIC_LLM_URL). Question and answer are task/advice.h's; this brings one there and the other
 * back.
 *
 * It is asked in a process of its own, which alone reads the key and the answer's bytes; what comes
 * back is a struct advice. The operator names the address, so any may be connected to but those of
 * clouds' metadata; a redirect is not followed, and the key is sent nowhere else. */
#ifndef AGNOSTIC_RUNNER_ADVISOR_H
#define AGNOSTIC_RUNNER_ADVISOR_H

#include "agnostic/base/settings.h"
#include "agnostic/task/advice.h"

struct advisor;
struct lease;

/* advisor_new(settings, &advisor, &fault): NULL and ERR_OK when the settings name none. ERR_CONFIG:
 * the key's file is not to be used, or the list of checks not to be read. settings is borrowed. The
 * caller frees with advisor_free. */
enum err advisor_new(const struct settings *settings, struct advisor **ret_advisor,
                     struct fault *ret_fault);
void advisor_free(struct advisor *advisor); /* NULL is fine */

const char *advisor_model(const struct advisor *advisor);
const struct check_list *advisor_checks(const struct advisor *advisor);

/* advisor_ask(advisor, facts, deadline_ms, lease, &advice): for AGNOSTIC_LLM_TIMEOUT_MS at most,
 * and never so long that the task would not end by its deadline (monotonic); ends as soon as this
 * process shall stop or the lease is lost. Whatever goes wrong is a reason in advice, and a line of
 * the log. */
void advisor_ask(const struct advisor *advisor, const struct advice_facts *facts,
                 int64_t deadline_ms, struct lease *lease, struct advice *ret_advice);

#endif

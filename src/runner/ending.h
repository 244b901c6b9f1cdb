/* ending: how an agent ended, put into words. */
#ifndef AGNOSTIC_RUNNER_ENDING_H
#define AGNOSTIC_RUNNER_ENDING_H

#include "agnostic/task/outcome.h"
#include "runner/spawn.h"

/* Why it was ended by us, if it was. */
enum ending_cause {
    ENDING_ITS_OWN,
    ENDING_TIMEOUT,
    ENDING_PROCESSES /* too many */
};

struct ending {
    enum ending_cause cause;
    struct spawn_end end;
    bool truncated; /* printed more than is read */
};

/* ending_tell(ending, name, outcome): closes outcome. The exit status never makes a verdict:
 * 0 the agent's own result stands, 3 refused, 64 bad task, 69 not available, all else
 * agent_crashed. */
void ending_tell(const struct ending *ending, const char *name, struct outcome *outcome);

#endif

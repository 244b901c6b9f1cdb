/* progress: how far a task is, as its beats say it. */
#ifndef AGNOSTIC_RUNNER_PROGRESS_H
#define AGNOSTIC_RUNNER_PROGRESS_H

#include "agnostic/task/outcome.h"
#include "agnostic/task/request.h"
#include "runner/roster.h"

enum {
    PROGRESS_MAX_BYTES = 500, /* a reader has room for 512 */
    PROGRESS_AGENTS_MAX = ROSTER_AGENTS_MAX + ROLE__COUNT + REQUEST_PLUGINS_MAX
};
_Static_assert((int)PROGRESS_AGENTS_MAX <= (int)OUTCOME_AGENTS_MAX, "readers have room for all");

struct progress {
    const char *names[PROGRESS_AGENTS_MAX];              /* of all agents chosen, in order */
    const struct outcome *outcomes[PROGRESS_AGENTS_MAX]; /* NULL: not begun */
    bool ended[PROGRESS_AGENTS_MAX];
    size_t total; /* chosen */
};

/* progress_percent(progress): of the whole task, each agent for an equal part, 0 to 100. */
int progress_percent(const struct progress *progress);
/* progress_put(progress, buf): {"percent":70,"done":1,"total":2,"agent":"performance",
 * "agent_percent":40,"agents":{"qa-manager":"completed","performance":"running"}}. agent: the
 * first of those that run now, or absent; agent_percent: as far as it tells. An agent is "waiting",
 * "running" or what its outcome says; "agents" is left out when it would not fit into
 * PROGRESS_MAX_BYTES. */
void progress_put(const struct progress *progress, struct buf *buf);

#endif

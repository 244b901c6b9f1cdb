/* progress: how far a task is, as its beats say it. */
#ifndef AGNOSTIC_RUNNER_PROGRESS_H
#define AGNOSTIC_RUNNER_PROGRESS_H

#include "agnostic/task/outcome.h"
#include "runner/roster.h"

enum { PROGRESS_MAX_BYTES = 500, PROGRESS_AGENTS_MAX = ROSTER_AGENTS_MAX + ROLE__COUNT };

struct progress {
    /* Those that are done, then the one that runs, then NULL. */
    const struct outcome *outcomes[PROGRESS_AGENTS_MAX + 1];
    size_t done, total; /* total: agents chosen in all */
};

/* progress_put(progress, buf): {"done":1,"total":2,"agent":"performance","percent":40,
 * "agents":{"qa-manager":"completed","performance":"running"}}. agent: the one that runs now, with
 * its own percent, or absent; "agents" is left out when it would not fit into PROGRESS_MAX_BYTES.
 */
void progress_put(const struct progress *progress, struct buf *buf);

#endif

/* crew: what the processes of one runner know of each other. Lives in memory that all of them
 * share; made by the parent before it forks. */
#ifndef AGNOSTIC_RUNNER_CREW_H
#define AGNOSTIC_RUNNER_CREW_H

#include "agnostic/store/fleet_store.h"
#include "agnostic/store/task_store.h"

enum { CREW_SLOTS_MAX = 256 };

struct crew;

/* crew_new(slots, until_ms, &crew): of a runner that starts now. until_ms: the moment (monotonic)
 * until which slots that drain wait for what falls due; 0: they do not. ERR_NOMEM; ERR_INTERNAL
 * without randomness. The caller frees with crew_free. */
enum err crew_new(int slots, int64_t until_ms, struct crew **ret_crew);
void crew_free(struct crew *crew);

/* crew_member(crew, kind, number, dst): a name for the calling process in Redis,
 * host:pid:<kind><number>.suffix. The suffix is random: hosts and containers may share host name
 * and pid, but never a name. */
enum err crew_member(const struct crew *crew, const char *kind, int number,
                     char dst[static TASK_STORE_SLOT_SIZE]);
/* crew_name(crew): the runner's own, host:pid.suffix. */
const char *crew_name(const struct crew *crew);

int64_t crew_until_ms(const struct crew *crew);

/* crew_set_busy(crew, number, busy): slot `number` (from 1) has a task in hand, or none. */
void crew_set_busy(struct crew *crew, int number, bool busy);
/* crew_busy(crew): how many have. */
int64_t crew_busy(const struct crew *crew);
/* crew_tell(crew, draining, &runner): the runner as others are to see it. */
void crew_tell(const struct crew *crew, bool draining, struct fleet_runner *ret_runner);

#endif

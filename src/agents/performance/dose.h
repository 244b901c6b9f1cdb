/* dose: what load is sent: what the task asks for, and no more than its policy permits. */
#ifndef AGENTS_PERFORMANCE_DOSE_H
#define AGENTS_PERFORMANCE_DOSE_H

#include "agents/agent_task.h"
#include "agents/performance/perf_facts.h"

enum { DOSE_WARMUP_MS = 2000, DOSE_NOTE_SIZE = 160 };

/* dose_read(task, facts, &fault): profile, version and mix from the task's `load`; facts->url is
 * there. ERR_SYNTAX says which is unknown. The caller frees facts->mix. */
enum err dose_read(const struct agent_task *task, struct perf_facts *facts,
                   struct fault *ret_fault);
/* dose_measure(task, facts, note): rate and duration, once facts->non_public is known. note: what
 * was asked for and is not permitted, in words; empty: nothing. */
void dose_measure(const struct agent_task *task, struct perf_facts *facts,
                  char note[static DOSE_NOTE_SIZE]);
/* dose_fit(task, facts, note): shortens the duration to the time that is left for it, to no less
 * than a second; note as above. */
void dose_fit(const struct agent_task *task, struct perf_facts *facts,
              char note[static DOSE_NOTE_SIZE]);
/* dose_most(task): requests the task may send in all. */
int64_t dose_most(const struct agent_task *task);

#endif

/* artifacts: what an agent left in its folder for its users is taken to the store, before the
 * folder goes. */
#ifndef AGNOSTIC_RUNNER_ARTIFACTS_H
#define AGNOSTIC_RUNNER_ARTIFACTS_H

#include "agnostic/store/task_store.h"
#include "agnostic/task/outcome.h"
#include "runner/journal.h"

/* artifacts_keep(store, claim, workdir, outcome, voice): each artifact that the outcome names and
 * that is a plain file of workdir within TASK_STORE_ARTIFACT_MAX bytes is stored and marked as
 * kept. What is not says so in its voice: a task does not fail for want of it. */
void artifacts_keep(struct store *store, const struct task_claim *claim, const char *workdir,
                    struct outcome *outcome, struct journal_voice *voice);

#endif

/* rehearsal: what an API does with calls that its description allows, forbids, or says nothing of.
 */
#ifndef AGENTS_SENIOR_REHEARSAL_H
#define AGENTS_SENIOR_REHEARSAL_H

#include "agents/agent.h"
#include "agents/api_notes.h"
#include "agents/senior/inlet.h"

enum {
    REHEARSAL_CALLS_MAX = 240,
    REHEARSAL_OPERATION_CALLS_MAX = 40,
    REHEARSAL_MADE_MAX = 8, /* things */
    REHEARSAL_BUDGET_MS = 60000
};

enum rehearsal_check {
    REHEARSAL_WRONG,   /* calls that the description forbids */
    REHEARSAL_RIGHT,   /* calls that it allows */
    REHEARSAL_METHODS, /* methods that it does not have */
    REHEARSAL_ANSWERS, /* what is answered to calls that it allows */
    REHEARSAL_UNKNOWN, /* calls of somebody who may not */
    REHEARSAL_LIFE     /* what was made is there, what was deleted is not */
};

/* rehearsal_inlets(api, inlets): notes the parameters of what an API gives to everybody. */
void rehearsal_inlets(const struct api *api, struct inlets *inlets);
/* rehearsal_run(agent, asker, api, notes): calls each operation; those that change something only
 * where the task permits it, and DELETE only for what was made by itself. */
void rehearsal_run(const struct agent *agent, struct asker *asker, const struct api *api,
                   struct api_notes *notes);

#endif

/* admit: whether an agent may go to its target at all. */
#ifndef AGENTS_ADMIT_H
#define AGENTS_ADMIT_H

#include "agents/agent.h"
#include "agnostic/probe/gate.h"

/* What its addresses are, a bit each (1 << enum addr_class). */
typedef uint32_t admit_classes;

/* admit(agent, gate, url, &classes, &end): resolves url's host. False: it may not, or cannot, and
 * the result line has said so; the agent is to return end. */
bool admit(const struct agent *agent, const struct gate *gate, const struct url *url,
           admit_classes *ret_classes, enum agent_end *ret_end);
/* admit_non_public(classes): some of them are not on the public internet. */
bool admit_non_public(admit_classes classes);

#endif

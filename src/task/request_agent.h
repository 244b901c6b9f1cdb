/* request_agent: one entry of a request's `agents`. */
#ifndef TASK_REQUEST_AGENT_H
#define TASK_REQUEST_AGENT_H

#include "agnostic/task/request.h"

/* request_agent(request, item): takes "ROLE" or "ROLE/PLUGIN" in. False: it is neither, one plug-in
 * too many, or a plug-in named with another role before. */
bool request_agent(struct request *request, const struct json *item);
/* request_agent_expected(dst, size): "'qa-manager', 'security-compliance', ... or 'qa-analyst'". */
void request_agent_expected(char *dst, size_t size);

#endif

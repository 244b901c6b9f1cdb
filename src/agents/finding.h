/* finding: a failed check in the words of the contract. Pure. */
#ifndef AGENTS_FINDING_H
#define AGENTS_FINDING_H

#include "agents/judgement.h"
#include "agents/rule.h"

/* finding_put(rule, judgement, context, out): the members of a finding line into the open object.
 * The fingerprint is the SHA-256 of check and component: the same fault of the same place has the
 * same one in every session. */
void finding_put(const struct rule *rule, const struct judgement *judgement, const char *context,
                 struct json_out *out);

#endif

/* finding: a failed check in the words of the contract. Pure. */
#ifndef AGENTS_FINDING_H
#define AGENTS_FINDING_H

#include "agents/judgement.h"
#include "agents/rule.h"

enum { FINDING_FINGERPRINT_SIZE = sizeof "sha256:" + 64 };

/* finding_fingerprint(rule, judgement, word): the SHA-256 of check and component: the same fault of
 * the same place has the same one in every session. ERR_INTERNAL: it cannot be computed. */
enum err finding_fingerprint(const struct rule *rule, const struct judgement *judgement,
                             char word[static FINDING_FINGERPRINT_SIZE]);
/* finding_put(rule, judgement, non_public, out): the members of a finding line into the open
 * object; weight only where it is below 1. */
void finding_put(const struct rule *rule, const struct judgement *judgement, bool non_public,
                 struct json_out *out);

#endif

/* document: what was seen, beside the findings: result.data. Keeps the member names of the service
 * this one replaces, with measured values in them. Pure. */
#ifndef AGENTS_SECURITY_DOCUMENT_H
#define AGENTS_SECURITY_DOCUMENT_H

#include "agents/security/facts.h"
#include "agents/tally.h"

/* document_put(facts, tally, requests, standards, out): one object. requests: connections and
 * requests made; standards: the names asked for, or NULL. */
void document_put(const struct facts *facts, const struct tally *tally, size_t requests,
                  const struct json *standards, struct json_out *out);

#endif

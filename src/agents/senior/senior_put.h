/* senior_put: the document of senior-qa, with the member names of the service this one replaces. */
#ifndef AGENTS_SENIOR_SENIOR_PUT_H
#define AGENTS_SENIOR_SENIOR_PUT_H

#include "agents/senior/senior_facts.h"
#include "agents/tally.h"

void senior_put(const struct senior_facts *facts, const struct tally *tally, struct json_out *out);

#endif

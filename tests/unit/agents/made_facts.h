/* made_facts: facts built from one row of tests/data/security_rules.json, as if a target had
 * answered so. */
#ifndef TESTS_UNIT_AGENTS_MADE_FACTS_H
#define TESTS_UNIT_AGENTS_MADE_FACTS_H

#include "agents/security/facts.h"
#include "agnostic/base/json.h"

/* The moment all made facts were gathered at. */
enum { MADE_FACTS_NOW_S = 1800000000 };

/* made_facts(bases, row): derived already; the caller frees with facts_free. */
struct facts *made_facts(const struct json *bases, const struct json *row);

#endif

/* catalogue: the tables of rules as people and programs read them. What an agent can check is
 * documented nowhere else. */
#ifndef AGENTS_CATALOGUE_H
#define AGENTS_CATALOGUE_H

#include "agents/agent.h"

enum catalogue_form {
    CATALOGUE_LINES,   /* one line a variant: id, severity, CVSS score, CWE, mode, title */
    CATALOGUE_JSON,    /* one object a line and rule: id, agent, mode, cwe, ..., variants */
    CATALOGUE_MARKDOWN /* a chapter */
};

/* catalogue_put(row, form, buf): every rule of that agent, which has a table. */
void catalogue_put(const struct agent_row *row, enum catalogue_form form, struct buf *buf);

#endif

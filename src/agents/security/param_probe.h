/* param_probe: what parameters are given that no page expects, one row a value. */
#ifndef AGENTS_SECURITY_PARAM_PROBE_H
#define AGENTS_SECURITY_PARAM_PROBE_H

#include "agents/rule.h"

enum { PARAM_NAME_SIZE = 64 };

enum param_probe {
    PARAM_PLAIN,    /* a word, to compare with */
    PARAM_REDIRECT, /* a foreign URL; only of parameters whose name speaks of one */
    PARAM_MARKUP,
    PARAM_LINE, /* a line break and a header */
    PARAM_QUOTE,
    PARAM_QUOTE_AGAIN,
    PARAM_QUOTES, /* the same, quoted as SQL wants it */
    PARAM_FILE,
    PARAM_FILE_ABSOLUTE,
    PARAM_TEMPLATE,
    PARAM_PROBE__COUNT
};

struct param_probe_row {
    const char *value; /* as it is meant, not escaped */
    enum rule_mode mode;
};
const struct param_probe_row *param_probe_get(enum param_probe probe);

/* What answers are searched for. */
#define PARAM_MARKUP_SIGN "<qaprobe7>"
#define PARAM_LINE_HEADER "X-Qa-Probe"
#define PARAM_TEMPLATE_SIGN "55433" /* 7 * 7919 */

/* param_probe_leads(name): is this the name of a parameter that says where to go next? */
bool param_probe_leads(struct text name);

#endif

/* The values, and the names that lead away. */
#include "agents/security/param_probe.h"

static const struct param_probe_row ROWS[PARAM_PROBE__COUNT] = {
    [PARAM_PLAIN] = {"qaprobe7", RULE_SAFE},
    [PARAM_REDIRECT] = {"https://qa-probe.invalid/", RULE_SAFE},
    [PARAM_MARKUP] = {"qaprobe7'\"" PARAM_MARKUP_SIGN, RULE_ACTIVE},
    [PARAM_LINE] = {"qaprobe7\r\n" PARAM_LINE_HEADER ": 1", RULE_ACTIVE},
    [PARAM_QUOTE] = {"qaprobe7'", RULE_ACTIVE},
    [PARAM_QUOTE_AGAIN] = {"qaprobe7'", RULE_ACTIVE},
    [PARAM_QUOTES] = {"qaprobe7''", RULE_ACTIVE},
    [PARAM_FILE] = {"../../../../../../../../etc/passwd", RULE_ACTIVE},
    [PARAM_FILE_ABSOLUTE] = {"/etc/passwd", RULE_ACTIVE},
    [PARAM_TEMPLATE] = {"{{7*7919}}${7*7919}#{7*7919}", RULE_ACTIVE},
};

const struct param_probe_row *param_probe_get(enum param_probe probe) {
    return &ROWS[probe];
}

bool param_probe_leads(struct text name) {
    static const char *const NAMES[] = {"url",          "next",      "redirect", "redirect_uri",
                                        "redirect_url", "r",         "u",        "return",
                                        "return_to",    "returnurl", "dest",     "destination",
                                        "continue",     "goto",      "target"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (text_ieq(name, text_of(NAMES[i])))
            return true;
    return false;
}

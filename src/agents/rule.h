/* rule: what is known about a check before it is run, one row per check id. Shared by every
 * agent; the function that judges stands beside the row in the agent's own table. */
#ifndef AGENTS_RULE_H
#define AGENTS_RULE_H

#include "agnostic/base/json.h"
#include "agnostic/task/cvss.h"

enum { RULE_VARIANTS_MAX = 4 };

/* What a finding of RULE_SECURITY_PUBLIC counts on any other target; all others count 1. */
#define RULE_INSIDE_WEIGHT 0.25

/* How intrusive a check is; a task's policy lists the modes it permits. What is not available
 * stands in the catalogue and is carried out by nobody: no policy permits it. */
enum rule_mode { RULE_PASSIVE, RULE_SAFE, RULE_ACTIVE, RULE_NOT_AVAILABLE, RULE_MODE__COUNT };

/* One way to fail. A rule's variants stand in falling severity. */
struct rule_variant {
    /* CVSS 3.1 base vector: severity and score follow from it. Or a severity's word, "medium", of a
     * tool that gives nothing better. */
    const char *vector;
    const char *title;
};

/* What a finding is about. */
enum rule_category {
    RULE_SECURITY,
    RULE_SECURITY_PUBLIC,    /* the same, of what only a target on the public internet can have */
    RULE_SECURITY_SUSPECTED, /* the same, read off signs that may have another reason */
    RULE_PERFORMANCE,
    RULE_FUNCTIONAL,
    RULE_ACCESSIBILITY,
    RULE_REGRESSION, /* of what worked before */
    RULE_CATEGORY__COUNT
};

struct rule {
    const char *id;
    enum rule_mode mode;
    const char *cwe;         /* "CWE-319" */
    const char *standards;   /* "OWASP:A02:2021 ASVS:9.1.1 ...": NAME:ID, blank-separated */
    const char *description; /* why it matters, one sentence */
    const char *remediation;
    const char *reference; /* URL */
    struct rule_variant variants[RULE_VARIANTS_MAX];
    enum rule_category category;
};

const char *rule_mode_word(enum rule_mode mode);
const char *rule_category_word(enum rule_category category);
/* rule_mode_read(word, &mode): one that a policy may permit. */
bool rule_mode_read(struct text word, enum rule_mode *ret_mode);
size_t rule_variant_count(const struct rule *rule);
/* rule_rated(rule, variant): has it a vector? */
bool rule_rated(const struct rule *rule, size_t variant);
/* rule_score(rule, variant): base score times ten; 0 without a vector. */
int rule_score(const struct rule *rule, size_t variant);
enum severity rule_severity(const struct rule *rule, size_t variant);
/* rule_confidence_word(rule): "high", "low" for what is only suspected. */
const char *rule_confidence_word(const struct rule *rule);
/* rule_weight(rule, non_public): what a finding counts in scores; below 1 it decides no verdict. */
double rule_weight(const struct rule *rule, bool non_public);

/* rule_standard_next(&rest, &name, &id): the next entry of a standards list; false at its end. */
bool rule_standard_next(struct text *rest, struct text *ret_name, struct text *ret_id);
/* rule_put_standards(rule, out): [{"std":"OWASP","id":"A02:2021"},...] */
void rule_put_standards(const struct rule *rule, struct json_out *out);

#endif

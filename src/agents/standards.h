/* standards: what the checks say about the requirements they map to. Counts pass, fail and
 * not_tested; it never says "compliant", because outside checks cannot. Pure. */
#ifndef AGENTS_STANDARDS_H
#define AGENTS_STANDARDS_H

#include "agents/judgement.h"
#include "agents/rule.h"

struct standards;

/* standards_new(wanted, &standards): wanted is an array of names as clients write them ("PCI DSS",
 * "owasp-top-10"), borrowed; NULL: none. The caller frees with standards_free. ERR_NOMEM. */
enum err standards_new(const struct json *wanted, struct standards **ret_standards);
void standards_free(struct standards *standards);

/* standards_note(standards, rule, status): a requirement fails with any of its checks, passes when
 * one was measured and none failed, and is not_tested otherwise. */
void standards_note(struct standards *standards, const struct rule *rule,
                    enum judgement_status status);

/* standards_put(standards, out): an array, one object for each wanted name:
 * {standard, asked, pass, fail, not_tested, coverage, note, requirements: [{id, status}]}, or
 * {asked, status: "not_supported"}. */
void standards_put(const struct standards *standards, struct json_out *out);

#endif

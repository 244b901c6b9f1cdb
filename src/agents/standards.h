/* standards: what the checks say about the requirements they map to. Counts pass, fail and
 * not_tested; it never says "compliant", because outside checks cannot. Pure. */
#ifndef AGENTS_STANDARDS_H
#define AGENTS_STANDARDS_H

#include "agents/tally.h"
#include "agnostic/base/json.h"

/* standards_name(written): the name in our rules of what a client wrote, NULL: nobody knows it. */
const char *standards_name(struct text written);
/* standards_put(wanted, tally, out): wanted is an array of names as clients write them ("PCI DSS",
 * "owasp-top-10"), or NULL for none. Puts an array, one object for each name:
 *
 * {asked, standard, requirements: [{id, status, title?}], pass, fail, not_tested,
 *  not_testable_externally, score, coverage, note}
 *
 * A requirement fails with any of its checks, passes when one was measured and none failed, and is
 * not_tested otherwise; what is asked of an organisation is not_testable_externally. score: pass of
 * pass and fail, null when nothing was measured; coverage: pass and fail of all. A name nobody
 * knows: {asked, status: "not_supported"}. */
void standards_put(const struct json *wanted, const struct tally *tally, struct json_out *out);

#endif

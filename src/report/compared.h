/* compared: what became of each finding since the session before, as qa-analyst compared them. */
#ifndef REPORT_COMPARED_H
#define REPORT_COMPARED_H

#include "report/view.h"

struct compared {
    const struct json *findings, *own; /* of the others, of the analyst; NULL: none was made */
    struct text analyst;
};

/* compared_read(view, count, &compared): of a comparison with an earlier session that tells
 * of each of the first `count` findings; else an empty one, since half a comparison is none (SARIF
 * 2.1.0, 3.27.24). */
void compared_read(const struct view *view, size_t count, struct compared *ret_compared);
/* compared_state(compared, finding): "new", "unchanged" or "updated"; NULL: there is no comparison.
 */
const char *compared_state(const struct compared *compared, const struct view_finding *finding);

#endif

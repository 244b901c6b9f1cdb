/* analyst_put: an analysis as `result.data` of qa-analyst (PROTOCOL.md). */
#ifndef AGENTS_ANALYST_ANALYST_PUT_H
#define AGENTS_ANALYST_ANALYST_PUT_H

#include "agents/analyst/analysis.h"

enum { ANALYST_PUT_MAX_BYTES = 60 << 10 };

/* analyst_put(analysis, buf): one JSON object. Lists are cut, the most severe first, and say by
 * how much. */
void analyst_put(const struct analysis *analysis, struct buf *buf);
/* analyst_put_summary(analysis, buf): the same in a sentence or two. */
void analyst_put_summary(const struct analysis *analysis, struct buf *buf);

#endif

/* figures: what was measured, as metric lines and as the document of the result line. */
#ifndef AGENTS_PERFORMANCE_FIGURES_H
#define AGENTS_PERFORMANCE_FIGURES_H

#include "agents/lines.h"
#include "agents/performance/perf_facts.h"

/* figures_say(facts, lines): the metric lines of what was measured. */
void figures_say(const struct perf_facts *facts, struct lines *lines);
/* figures_put(facts, out): the counts, the series of blocks, and what no one can measure from
 * outside. */
void figures_put(const struct perf_facts *facts, struct json_out *out);

#endif

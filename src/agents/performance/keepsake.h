/* keepsake: what a load leaves as files: the series of its seconds, its histograms, a picture. */
#ifndef AGENTS_PERFORMANCE_KEEPSAKE_H
#define AGENTS_PERFORMANCE_KEEPSAKE_H

#include "agents/agent.h"
#include "agents/performance/perf_facts.h"

/* keepsake_leave(agent, facts): series.json, latency.hdr.json and latency.svg, when something was
 * answered (PROTOCOL.md, "Agent contract"). */
void keepsake_leave(const struct agent *agent, const struct perf_facts *facts);

#endif

/* single: a few requests one after another, before any load. */
#ifndef AGENTS_PERFORMANCE_SINGLE_H
#define AGENTS_PERFORMANCE_SINGLE_H

#include "agents/performance/perf_facts.h"

/* single_ask(gate, url, version, max_rps, &first): at most PERF_FIRST_REQUESTS, never faster than
 * max_rps; begins none when two failed in a row or after 5 s. Every other one goes over a new
 * connection. ERR_NOMEM. The caller frees with single_done. */
enum err single_ask(const struct gate *gate, struct text url, enum http_version version,
                    int64_t max_rps, struct perf_first *ret_first);

void single_done(struct perf_first *first);

#endif

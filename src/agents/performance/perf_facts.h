/* perf_facts: what was measured of one target; what the checks judge. */
#ifndef AGENTS_PERFORMANCE_PERF_FACTS_H
#define AGENTS_PERFORMANCE_PERF_FACTS_H

#include "agents/performance/blocks.h"
#include "agents/performance/load.h"
#include "agents/performance/surge.h"
#include "agents/performance/weight.h"

enum { PERF_FIRST_REQUESTS = 10, PERF_SATISFIED_US = 500000, PERF_P95_MAX_US = 1000000 };

/* What is sent beside the constant load. */
enum perf_profile { PERF_CONSTANT, PERF_SATURATION, PERF_SPIKE, PERF_PROFILE__COUNT };
enum { PERF_RECOVERY_S = 30, PERF_SPIKE_RECOVERY_S = 10 };

/* Single requests, one after another, before any load. */
struct perf_first {
    size_t asked, answered;
    int status;  /* of the last answer, 0: none */
    int version; /* 10, 11, 20 */
    bool refused;
    int64_t dns_us, connect_us, tls_us, first_byte_us; /* of the first, on a new connection */
    int64_t total_us;                                  /* the quickest of all */
    int64_t cold_us, warm_us;      /* medians: on new connections, on ones used again; 0: none */
    char why[160];                 /* of the last that failed */
    struct http_response response; /* of the last that answered */
};

struct perf_facts {
    const char *url_text;
    struct url url; /* points into url_text */
    bool non_public;
    int64_t rate, duration_s;
    struct mix *mix;
    enum http_version version; /* of the load */
    bool version_asked;        /* for HTTP/2, by name */
    bool version_fixed;        /* HTTP/1.1, by name */
    struct weight weight;
    struct perf_first first;
    struct load *load;         /* NULL: there was none */
    struct blocks *blocks;     /* NULL likewise */
    struct baseline *baseline; /* earlier sessions; NULL: they are not known */
    struct baseline_verdict comparison;
    enum perf_profile profile;
    const char *no_profile; /* why it was not carried out: a stable word; NULL: it was */
    struct saturation saturation;
    struct surge recovery, spike;
};

/* perf_facts_apdex(facts): (satisfied + tolerated / 2) / all, T = PERF_SATISFIED_US. */
double perf_facts_apdex(const struct perf_facts *facts);
/* perf_facts_error_rate(facts): 0..1 of all arrivals. */
double perf_facts_error_rate(const struct perf_facts *facts);
/* perf_facts_throughput(facts): whole answers a second. */
double perf_facts_throughput(const struct perf_facts *facts);

#endif

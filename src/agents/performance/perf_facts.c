/* What follows from the counts of a load. */
#include "agents/performance/perf_facts.h"

static double perf_share(double part, int64_t whole) {
    return whole > 0 ? part / (double)whole : 0;
}

double perf_facts_apdex(const struct perf_facts *facts) {
    const struct load *load = facts->load;
    return perf_share((double)load->satisfied + (double)load->tolerated / 2, load->offered);
}

double perf_facts_error_rate(const struct perf_facts *facts) {
    return perf_share((double)load_errors(facts->load), facts->load->offered);
}

double perf_facts_throughput(const struct perf_facts *facts) {
    return perf_share((double)facts->load->answered * 1e6, facts->load->span_us);
}

/* The table: as security's. Severities follow from what an outage of that extent is worth. */
#include "agents/performance/perf_rules.h"

#include "agents/performance/perf_check.h"
#include "agents/performance/weight_check.h"

#define OUTAGE_WHOLE "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" /* 7.5 */
#define OUTAGE_PARTS "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 5.3 */
#define OUTAGE_LIGHT "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 3.7 */
#define NO_IMPACT "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N"    /* 0.0 */

#define AVAILABLE "ISO25010:8.6 SOC2:A1.1"
#define RFC_STATUS "https://www.rfc-editor.org/rfc/rfc9110#name-status-codes"
#define LATENCY_GUIDE "https://sre.google/sre-book/monitoring-distributed-systems/"
#define PAGE_GUIDE "https://developer.mozilla.org/docs/Web/Performance"
#define APDEX_GUIDE "https://en.wikipedia.org/wiki/Apdex"

struct perf_row {
    struct rule rule;
    void (*judge)(const struct perf_facts *facts, struct judgement *judgement);
};

static const struct perf_row ROWS[] = {
    /* clang-format off */
    {{"PERF-00", RULE_PASSIVE, "CWE-703", AVAILABLE,
     "What fails without load says nothing about load.",
     "Find out why single requests fail.", RFC_STATUS,
     {{OUTAGE_PARTS, "Single requests fail"},
      {NO_IMPACT, "The tested address answers with an error status"}}, RULE_PERFORMANCE},
     perf_check_answers},
    {{"PERF-01", RULE_SAFE, "CWE-400", AVAILABLE,
     "One visitor in twenty waits longer than this.",
     "Profile what the slow answers wait for.", LATENCY_GUIDE,
     {{OUTAGE_WHOLE, "Responses are more than twice as slow as permitted"},
      {OUTAGE_PARTS, "Responses are slower than permitted"}}, RULE_PERFORMANCE},
     perf_check_latency},
    {{"PERF-02", RULE_SAFE, "CWE-400", AVAILABLE,
     "Percentiles of few values are those few values.",
     "Measure longer or at a higher rate.", LATENCY_GUIDE,
     {{NO_IMPACT, "Too few answers for the percentiles from p99 on"}}, RULE_PERFORMANCE},
     perf_check_sample},
    {{"PERF-03", RULE_SAFE, "CWE-400", AVAILABLE,
     "Requests come in faster than they are answered, so waiting grows without end.",
     "Raise the capacity, or shed load before it queues.", LATENCY_GUIDE,
     {{OUTAGE_PARTS, "Less was answered than was asked"}}, RULE_PERFORMANCE},
     perf_check_throughput},
    {{"PERF-04", RULE_SAFE, "CWE-703", AVAILABLE,
     "Visitors get no answer or an error of the server.",
     "Find the errors in the server's log.", RFC_STATUS,
     {{OUTAGE_WHOLE, "More than 5 % of the requests fail"},
      {OUTAGE_PARTS, "More than 1 % of the requests fail"}}, RULE_PERFORMANCE},
     perf_check_errors},
    {{"PERF-05", RULE_SAFE, "CWE-400", AVAILABLE,
     "Many visitors wait longer than they find good.",
     "Bring response times under the target time.", APDEX_GUIDE,
     {{OUTAGE_WHOLE, "Apdex is under 0.5: unacceptable"},
      {OUTAGE_PARTS, "Apdex is under 0.7: poor"},
      {OUTAGE_LIGHT, "Apdex is under 0.85: fair"}}, RULE_PERFORMANCE},
     perf_check_apdex},
    {{"PERF-06", RULE_SAFE, "CWE-400", AVAILABLE,
     "There is no reserve: the load that was asked for is already too much.",
     "Raise the capacity, or shed load before it queues.", LATENCY_GUIDE,
     {{OUTAGE_PARTS, "Less is sustained than was asked for"}}, RULE_PERFORMANCE},
     perf_check_saturation},
    {{"PERF-07", RULE_SAFE, "CWE-400", AVAILABLE,
     "What was fast enough before may soon not be.",
     "Look at what changed since the session it is compared with.", LATENCY_GUIDE,
     {{OUTAGE_WHOLE, "Slower than in earlier sessions (confirmed)"},
      {OUTAGE_LIGHT, "Slower than in the last session (suspected)"}}, RULE_PERFORMANCE},
     perf_check_regression},
    {{"PERF-08", RULE_SAFE, "CWE-400", AVAILABLE,
     "The same load is not answered alike from one second to the next.",
     "Look for pauses, growing queues and periodic jobs.", LATENCY_GUIDE,
     {{OUTAGE_LIGHT, "Response times are not steady"}}, RULE_PERFORMANCE},
     perf_check_stability},
    {{"PERF-09", RULE_PASSIVE, "CWE-400", "ISO25010:8.6",
     "Text shrinks to a third or less; who waits for it on a slow line waits longer.",
     "Let the server compress text with gzip or br.", PAGE_GUIDE,
     {{OUTAGE_LIGHT, "Much text is sent uncompressed"},
      {NO_IMPACT, "Text is sent uncompressed"}}, RULE_PERFORMANCE},
     weight_check_compression},
    {{"PERF-11", RULE_SAFE, "CWE-400", AVAILABLE,
     "An overload that has ended goes on hurting.",
     "Bound queues, and drop what nobody waits for any more.", LATENCY_GUIDE,
     {{OUTAGE_PARTS, "It does not recover from an overload in time"}}, RULE_PERFORMANCE},
     perf_check_recovery},
    {{"PERF-12", RULE_SAFE, "CWE-400", AVAILABLE,
     "A moment of attention takes the site down.",
     "Keep a reserve, and answer quickly what cannot be served.", LATENCY_GUIDE,
     {{OUTAGE_PARTS, "A short spike of load is not survived"}}, RULE_PERFORMANCE},
     perf_check_spike},
    {{"PERF-13", RULE_PASSIVE, "CWE-400", "ISO25010:8.6",
     "What does not change is fetched whole on each visit.",
     "Send Cache-Control, and ETag or Last-Modified, with static files.", PAGE_GUIDE,
     {{NO_IMPACT, "Static files do not say how long they may be kept"}}, RULE_PERFORMANCE},
     weight_check_keeping},
    {{"PERF-14", RULE_PASSIVE, "CWE-400", "ISO25010:8.6",
     "Browsers wait for one file before they get the next, or open more connections.",
     "Turn HTTP/2 on.", "https://www.rfc-editor.org/rfc/rfc9113",
     {{NO_IMPACT, "HTTP/2 is not offered"}}, RULE_PERFORMANCE},
     weight_check_version},
    {{"PERF-15", RULE_PASSIVE, "CWE-400", "ISO25010:8.6",
     "Each redirect costs a round trip before anything is seen.",
     "Link to where the content is.", PAGE_GUIDE,
     {{OUTAGE_LIGHT, "Several redirects come before the content"},
      {NO_IMPACT, "A redirect comes before the content"}}, RULE_PERFORMANCE},
     weight_check_redirects},
    /* clang-format on */
};

const struct rule *perf_rules_get(size_t index) {
    return index < sizeof(ROWS) / sizeof(ROWS[0]) ? &ROWS[index].rule : NULL;
}

void perf_rules_judge(size_t index, const struct perf_facts *facts, struct judgement *judgement) {
    ROWS[index].judge(facts, judgement);
}

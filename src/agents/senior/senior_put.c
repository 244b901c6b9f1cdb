/* From what was seen to its document. Judges nothing. */
#include "agents/senior/senior_put.h"

#include <string.h>

static void senior_put_tests(const struct tally *tally, struct json_out *out) {
    int64_t counts[JUDGEMENT_STATUS__COUNT] = {0};
    for (size_t i = 0; i < tally->count; i++)
        counts[tally->rows[i].status]++;
    json_out_member_int(out, "total_tests", (int64_t)tally->count);
    json_out_member_int(out, "passed", counts[JUDGEMENT_PASSED]);
    json_out_member_int(out, "failed", counts[JUDGEMENT_FAILED]);
    json_out_member_int(out, "skipped",
                        (int64_t)tally->count - counts[JUDGEMENT_PASSED] -
                            counts[JUDGEMENT_FAILED]);
}

static void senior_put_failed(const struct senior_facts *facts, struct json_out *out) {
    const struct trials *trials = &facts->trials;
    json_out_name(out, "failed_cases");
    json_out_array(out);
    for (size_t i = 0; i < trials->failed_count; i++) {
        const struct trial_failed *failed = &trials->failed[i];
        const struct inlet *inlet = &facts->terrain.inlets.items[failed->edge.inlet];
        json_out_object(out);
        json_out_member(out, "url", inlet->url);
        json_out_member(out, "parameter", inlet->name);
        json_out_member(out, "value", failed->edge.input->what);
        json_out_member(out, "end", trial_end_word(failed->end));
        json_out_member(out, "severity", trial_is_high(failed) ? "high" : "medium");
        json_out_member(out, "reproduce", failed->line);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

/* Where values of high severity failed, each place once. */
static void senior_put_areas(const struct senior_facts *facts, struct json_out *out) {
    bool told[INLETS_MAX] = {false};
    json_out_name(out, "high_risk_areas");
    json_out_array(out);
    for (size_t i = 0; i < facts->trials.failed_count; i++) {
        const struct trial_failed *failed = &facts->trials.failed[i];
        size_t inlet = failed->edge.inlet;
        if (!trial_is_high(failed) || told[inlet])
            continue;
        told[inlet] = true;
        json_out_str(out, facts->terrain.inlets.items[inlet].place);
    }
    json_out_end_array(out);
}

static void senior_put_edges(const struct senior_facts *facts, struct json_out *out) {
    const struct trials *trials = &facts->trials;
    json_out_name(out, "edge_case_analysis");
    json_out_object(out);
    json_out_member_int(out, "edge_cases_identified", (int64_t)trials->cases);
    json_out_member_int(out, "edge_cases_tried", (int64_t)trials->tried);
    json_out_member_int(out, "failed", (int64_t)trials->failures);
    json_out_member_int(out, "critical_cases", (int64_t)trials->high);
    json_out_name(out, "risk_score");
    json_out_double(out, model_share(trials->failures, trials->tried));
    senior_put_areas(facts, out);
    json_out_member_int(out, "parameters", (int64_t)facts->terrain.inlets.count);
    json_out_member_int(out, "parameters_omitted", (int64_t)facts->terrain.inlets.omitted);
    json_out_member_int(out, "seed", (int64_t)trials->seed);
    senior_put_failed(facts, out);
    json_out_end_object(out);
}

static void senior_put_crawl(const struct terrain *terrain, struct json_out *out) {
    json_out_name(out, "crawl");
    json_out_object(out);
    json_out_member_int(out, "pages", (int64_t)terrain->pages);
    json_out_member_int(out, "asked", (int64_t)terrain->crawl.asked);
    json_out_member_int(out, "not_asked",
                        (int64_t)(terrain->crawl.waiting + terrain->crawl.dropped));
    json_out_member_int(out, "disallowed", (int64_t)terrain->crawl.disallowed);
    json_out_member_int(out, "excluded", (int64_t)terrain->crawl.barred);
    json_out_member_int(out, "unsafe", (int64_t)terrain->crawl.unsafe);
    json_out_member_int(out, "repeated", (int64_t)terrain->crawl.repeated);
    json_out_member_int(out, "robots_status", terrain->robots_status);
    json_out_member_int(out, "requests", (int64_t)terrain->requests);
    json_out_end_object(out);
}

void senior_put(const struct senior_facts *facts, const struct tally *tally, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "target", facts->terrain.target_text);
    senior_put_tests(tally, out);
    json_out_name(out, "model_based_testing");
    json_out_object(out);
    model_put(&facts->terrain.model, out);
    json_out_end_object(out);
    senior_put_edges(facts, out);
    senior_put_crawl(&facts->terrain, out);
    json_out_end_object(out);
}

/* Names and units of every number. Judges nothing. */
#include "agents/performance/figures.h"

#include <stdio.h>

enum { BLOCKS_SHOWN_MAX = 120 }; /* the others stand in an artifact */

static const char DUE[] = "open-loop,due-time";
static const char SERVICE[] = "open-loop,first-byte-sent";
static const char SINGLE[] = "single-requests";

static void figures_ms(struct lines *lines, const char *family, const char *which, double us,
                       int64_t n, const char *method) {
    char name[64];
    snprintf(name, sizeof(name), "perf.%s.%s_ms", family, which);
    lines_metric(lines, &(struct lines_metric){name, us / 1000, "ms", n, method});
}

static void figures_histogram(struct lines *lines, const char *family, const struct histogram *h,
                              const char *method) {
    static const struct {
        const char *word;
        double percent;
    } RANKS[] = {{"p50", 50}, {"p75", 75}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p999", 99.9}};
    int64_t n = histogram_count(h);
    if (n == 0)
        return;
    for (size_t i = 0; i < sizeof(RANKS) / sizeof(RANKS[0]); i++)
        figures_ms(lines, family, RANKS[i].word, (double)histogram_percentile(h, RANKS[i].percent),
                   n, method);
    figures_ms(lines, family, "max", (double)histogram_max(h), n, method);
    figures_ms(lines, family, "mean", histogram_mean(h), n, method);
    figures_ms(lines, family, "stddev", histogram_deviation(h), n, method);
}

static void figures_first(const struct perf_first *first, struct lines *lines) {
    if (first->answered == 0)
        return;
    figures_ms(lines, "first", "dns", (double)first->dns_us, 1, SINGLE);
    figures_ms(lines, "first", "connect", (double)first->connect_us, 1, SINGLE);
    figures_ms(lines, "first", "tls", (double)first->tls_us, 1, SINGLE);
    figures_ms(lines, "first", "first_byte", (double)first->first_byte_us, 1, SINGLE);
    figures_ms(lines, "first", "quickest", (double)first->total_us, (int64_t)first->answered,
               SINGLE);
}

static void figures_page(const struct perf_facts *facts, struct lines *lines) {
    const struct weight *page = &facts->weight;
    if (facts->first.cold_us > 0 && facts->first.warm_us > 0) {
        figures_ms(lines, "connection", "cold", (double)facts->first.cold_us, 5, SINGLE);
        figures_ms(lines, "connection", "warm", (double)facts->first.warm_us, 5, SINGLE);
    }
    if (page->count == 0)
        return;
    lines_metric(lines, &(struct lines_metric){"perf.page.bytes", (double)weight_bytes(page), "B",
                                               (int64_t)page->count, "as-sent, own-origin"});
    lines_metric(lines, &(struct lines_metric){"perf.page.requests",
                                               (double)(page->count + page->foreign +
                                                        page->not_asked + page->redirects),
                                               "1", 1, "scripts are not run"});
}

static void figures_surge(const struct surge *surge, const char *which, struct lines *lines) {
    char name[64];
    if (!surge->asked || surge->recovered_s < 0)
        return;
    snprintf(name, sizeof(name), "perf.%s.recovered_s", which);
    lines_metric(
        lines, &(struct lines_metric){name, (double)surge->recovered_s, "s", surge->requests, DUE});
}

void figures_say(const struct perf_facts *facts, struct lines *lines) {
    const struct load *load = facts->load;
    figures_first(&facts->first, lines);
    figures_page(facts, lines);
    if (load == NULL || load->offered == 0)
        return;
    int64_t n = load->offered;
    figures_histogram(lines, "latency", load->response, DUE);
    figures_histogram(lines, "service", load->service, SERVICE);
    lines_metric(lines, &(struct lines_metric){"perf.throughput.rps", perf_facts_throughput(facts),
                                               "1/s", load->answered, DUE});
    lines_metric(lines, &(struct lines_metric){"perf.error_rate", perf_facts_error_rate(facts),
                                               "ratio", n, DUE});
    lines_metric(lines,
                 &(struct lines_metric){"perf.apdex", perf_facts_apdex(facts), "ratio", n, DUE});
    if (facts->saturation.sustained > 0)
        lines_metric(lines, &(struct lines_metric){"perf.max_sustainable_rps",
                                                   (double)facts->saturation.sustained, "1/s",
                                                   facts->saturation.requests, DUE});
    figures_surge(&facts->recovery, "recovery", lines);
    figures_surge(&facts->spike, "spike", lines);
    figures_ms(lines, "generator", "lateness_p99", (double)histogram_percentile(load->lateness, 99),
               histogram_count(load->lateness), "due to begun");
}

static void figures_put_saturation(const struct saturation *found, struct json_out *out) {
    static const char *const ENDS[] = {"not_asked", "found", "all_that_is_permitted", "cut_short",
                                       "generator_saturated"};
    json_out_name(out, "saturation");
    json_out_object(out);
    json_out_member(out, "ended", ENDS[found->end]);
    json_out_member_int(out, "sustained_rps", found->sustained);
    json_out_member_int(out, "exceeded_rps", found->exceeded);
    json_out_member_int(out, "steps", (int64_t)found->steps);
    json_out_member_int(out, "requests", found->requests);
    json_out_end_object(out);
}

static void figures_put_parts(const struct perf_facts *facts, struct json_out *out) {
    json_out_name(out, "mix");
    json_out_array(out);
    for (size_t i = 0; i < facts->load->part_count; i++) {
        const struct load_part *part = &facts->load->parts[i];
        json_out_object(out);
        json_out_member_text(out, "url", facts->mix->url[i]);
        json_out_member_int(out, "weight", facts->mix->weight[i]);
        json_out_member_int(out, "answered", part->answered);
        json_out_member_int(out, "errors", part->errors);
        json_out_name(out, "p50_ms");
        json_out_double(out, (double)histogram_percentile(part->response, 50) / 1000);
        json_out_name(out, "p95_ms");
        json_out_double(out, (double)histogram_percentile(part->response, 95) / 1000);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void figures_put_load(const struct perf_facts *facts, struct json_out *out) {
    const struct load *load = facts->load;
    if (facts->mix->is_default)
        json_out_member_text(out, "url", facts->mix->url[0]);
    json_out_member_int(out, "offered", load->offered);
    json_out_member_int(out, "answered", load->answered);
    json_out_member_int(out, "server_errors", load->server_errors);
    json_out_member_int(out, "throttled", load->throttled);
    json_out_member_int(out, "client_errors", load->client_errors);
    json_out_member_int(out, "failed", load->failed);
    json_out_member_int(out, "timed_out", load->timed_out);
    json_out_member_int(out, "dropped", load->dropped);
    json_out_member_int(out, "requests", load->requests);
    json_out_member_int(out, "bytes", load->bytes);
    json_out_member_int(out, "max_in_flight", (int64_t)load->in_flight_max);
    json_out_member(out, "ended", load_end_word(load->end));
    json_out_member_int(out, "retry_after_s", load->retry_after_s);
    json_out_member_bool(out, "generator_saturated", load_saturated(load));
    json_out_name(out, "blocks");
    blocks_put(facts->blocks, BLOCKS_SHOWN_MAX, out);
    if (load->part_count > 0)
        figures_put_parts(facts, out);
}

/* The words of ADR-024, and what they rest on. */
static void figures_put_comparison(const struct baseline_verdict *found, struct json_out *out) {
    bool known = found->state != BASELINE_NONE;
    json_out_name(out, "regression_detected");
    if (known)
        json_out_bool(out, found->state >= BASELINE_SUSPECTED);
    else
        json_out_null(out);
    json_out_name(out, "previous_score");
    if (!known) {
        json_out_null(out);
        return;
    }
    json_out_double(out, found->previous_ms);
    json_out_name(out, "comparison");
    json_out_object(out);
    json_out_member(out, "state", baseline_state_word(found->state));
    json_out_member_int(out, "sessions", (int64_t)found->sessions);
    json_out_member(out, "with", found->against);
    json_out_member(out, "measure", baseline_measure_word(found->measure));
    json_out_name(out, "before");
    json_out_double(out, found->shift.before);
    json_out_name(out, "now");
    json_out_double(out, found->shift.after);
    json_out_name(out, "p");
    json_out_double(out, found->shift.p);
    json_out_name(out, "a12");
    json_out_double(out, found->shift.a12);
    json_out_end_object(out);
}

void figures_put(const struct perf_facts *facts, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "target", facts->url_text);
    json_out_member_bool(out, "public", !facts->non_public);
    json_out_member_int(out, "rate", facts->rate);
    json_out_member_int(out, "duration_s", facts->duration_s);
    json_out_member_int(out, "status", facts->first.status);
    json_out_member_int(out, "http_version",
                        facts->load != NULL ? facts->load->version : facts->first.version);
    if (facts->load != NULL)
        figures_put_load(facts, out);
    figures_put_comparison(&facts->comparison, out);
    if (facts->saturation.end != SATURATION_NOT_ASKED)
        figures_put_saturation(&facts->saturation, out);
    json_out_name(out, "not_measurable");
    json_out_array(out);
    json_out_str(out, "cpu");
    json_out_str(out, "heap");
    json_out_str(out, "gc");
    json_out_end_array(out);
    json_out_end_object(out);
}

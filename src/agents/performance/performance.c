/* The order of work: admit, single requests, load, judge, tell. Knows neither sockets nor single
 * rules. */
#include "agents/performance/performance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/performance/dose.h"
#include "agents/performance/figures.h"
#include "agents/performance/keepsake.h"
#include "agents/performance/perf_rules.h"
#include "agents/performance/single.h"

enum {
    ADDRESSES_MAX = 32,
    DATA_MAX = 64 << 10,
    MEMO_MAX = 8 << 10,
    GENERATOR = 2, /* raised when the same target would be measured otherwise */
    DETAIL_SIZE = 160
};

struct performance {
    struct agent *agent;
    struct gate *gate;
    struct perf_facts facts;
    unsigned int classes; /* of its addresses, a bit each */
    int64_t elapsed_s;
};

static const struct text NO_DATA = {NULL, 0};

static enum err performance_admit(struct performance *perf, struct fault *ret_fault) {
    struct addr addrs[ADDRESSES_MAX];
    size_t count = 0;
    enum err err =
        gate_resolve(perf->gate, &perf->facts.url, addrs, ADDRESSES_MAX, &count, ret_fault);
    for (size_t i = 0; err == ERR_OK && i < perf->facts.mix->count; i++) {
        struct url url;
        err = url_parse(perf->facts.mix->url[i], &url, ret_fault);
        if (err == ERR_OK)
            err = gate_enter(perf->gate, url.path, ret_fault);
    }
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        perf->facts.non_public |= addr_classify(&addrs[i]) != ADDR_PUBLIC;
        perf->classes |= 1U << addr_classify(&addrs[i]);
    }
    return err;
}

static void performance_tick(void *ctx, const struct load *load) {
    struct performance *perf = ctx;
    char detail[DETAIL_SIZE];
    perf->elapsed_s++;
    snprintf(detail, sizeof(detail),
             "%lld of %lld s, %lld/s, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, %lld errors",
             (long long)perf->elapsed_s,
             (long long)(perf->facts.duration_s + DOSE_WARMUP_MS / 1000),
             (long long)perf->facts.rate, (double)histogram_percentile(load->response, 50) / 1000,
             (double)histogram_percentile(load->response, 95) / 1000,
             (double)histogram_percentile(load->response, 99) / 1000, (long long)load_errors(load));
    lines_progress(perf->agent->lines, "load", (size_t)load->requests, detail);
}

static void performance_warn(const struct performance *perf, const char *note) {
    if (note[0] != '\0')
        lines_log(perf->agent->lines, "warn", note);
}

static enum err performance_load(struct performance *perf, struct fault *ret_fault) {
    struct perf_facts *facts = &perf->facts;
    char note[DOSE_NOTE_SIZE];
    dose_fit(perf->agent->task, facts, note);
    performance_warn(perf, note);
    const struct load_plan plan = {.mix = facts->mix,
                                   .version = facts->version,
                                   .rate = facts->rate,
                                   .warmup_ms = DOSE_WARMUP_MS,
                                   .duration_ms = facts->duration_s * 1000,
                                   .satisfied_us = PERF_SATISFIED_US,
                                   .tick = performance_tick,
                                   .ctx = perf};
    lines_progress(perf->agent->lines, "load", facts->first.asked + facts->weight.asked, NULL);
    enum err err = load_run(&plan, perf->gate, &facts->load, ret_fault);
    if (err == ERR_OK)
        err = blocks_new(facts->load->samples, (size_t)facts->load->offered, (size_t)facts->rate,
                         &facts->blocks);
    return err;
}

/* --- profiles -------------------------------------------------------------------------------- */

/* Why the profile cannot be carried out, NULL when it can. */
static const char *performance_obstacle(const struct performance *perf) {
    const struct perf_facts *facts = &perf->facts;
    if (facts->load == NULL || histogram_count(facts->load->response) == 0)
        return "no_load";
    if (facts->load->end != LOAD_WHOLE)
        return load_end_word(facts->load->end);
    if (!facts->non_public && !perf->agent->task->modes[RULE_ACTIVE])
        return "not_permitted";
    if (facts->profile == PERF_SPIKE &&
        facts->rate * SURGE_RATE_FACTOR > perf->agent->task->max_rps)
        return "rate_not_permitted";
    return NULL;
}

static int64_t performance_left(const struct performance *perf) {
    return dose_most(perf->agent->task) - PERF_FIRST_REQUESTS - (int64_t)perf->facts.weight.asked -
           perf->facts.load->requests;
}

/* The search, then more than what it found: what becomes of the usual load behind that? */
static enum err performance_saturate(struct performance *perf, const struct surge_plan *plan,
                                     struct fault *ret_fault) {
    struct perf_facts *facts = &perf->facts;
    enum err err = saturation_search(plan, &facts->saturation, ret_fault);
    int64_t rate = facts->saturation.exceeded;
    if (err != ERR_OK || rate == 0 || facts->saturation.sustained < plan->rate ||
        facts->saturation.is_done)
        return err;
    rate = rate + rate / 5 < plan->max_rps ? rate + rate / 5 : plan->max_rps;
    if (facts->saturation.requests + surge_requests(plan, rate, PERF_RECOVERY_S) >
        plan->max_requests)
        return ERR_OK;
    return surge_run(plan, rate, PERF_RECOVERY_S, &facts->recovery, ret_fault);
}

static enum err performance_surge(struct performance *perf, struct fault *ret_fault) {
    struct perf_facts *facts = &perf->facts;
    if (facts->profile == PERF_CONSTANT)
        return ERR_OK;
    facts->no_profile = performance_obstacle(perf);
    if (facts->no_profile != NULL)
        return ERR_OK;
    const struct surge_plan plan = {.mix = facts->mix,
                                    .version = facts->version,
                                    .gate = perf->gate,
                                    .rate = facts->rate,
                                    .max_rps = perf->agent->task->max_rps,
                                    .max_requests = performance_left(perf),
                                    .p95_us = histogram_percentile(facts->load->response, 95)};
    if (facts->profile == PERF_SPIKE && surge_requests(&plan, facts->rate * SURGE_RATE_FACTOR,
                                                       PERF_SPIKE_RECOVERY_S) > plan.max_requests) {
        facts->no_profile = "max_requests";
        return ERR_OK;
    }
    lines_progress(perf->agent->lines, LOAD_WISH_PROFILES[facts->profile],
                   (size_t)facts->load->requests, NULL);
    if (facts->profile == PERF_SATURATION)
        return performance_saturate(perf, &plan, ret_fault);
    return surge_run(&plan, facts->rate * SURGE_RATE_FACTOR, PERF_SPIKE_RECOVERY_S, &facts->spike,
                     ret_fault);
}

/* Only what was measured in the same way is compared. */
static enum err performance_parameters(const struct performance *perf,
                                       char hex[static SECURE_HEX_SIZE]) {
    const struct perf_facts *facts = &perf->facts;
    struct buf buf;
    buf_init(&buf, URL_MAX_BYTES * 2);
    buf_printf(&buf, "%d %lld %lld %d %d", GENERATOR, (long long)facts->rate,
               (long long)facts->duration_s, facts->load->version, (int)perf->classes);
    for (size_t i = 0; i < facts->mix->count; i++)
        buf_printf(&buf, " %lld %s", (long long)facts->mix->weight[i], facts->mix->url[i].ptr);
    enum err err = buf.failed ? ERR_NOMEM : secure_sha256_hex(buf_text(&buf), hex);
    buf_done(&buf);
    return err;
}

static void performance_remember(const struct performance *perf, const struct baseline_session *now,
                                 const char *parameters) {
    struct json_out out;
    struct buf memo;
    buf_init(&memo, MEMO_MAX);
    json_out_init(&out, &memo);
    baseline_put_memo(now, parameters, &out);
    if (!memo.failed)
        lines_remember(perf->agent->lines, buf_text(&memo));
    buf_done(&memo);
}

/* With earlier sessions; and leaves this one to later ones. A load that broke off, or whose
 * generator was late, is neither compared nor remembered. */
static void performance_compare(struct performance *perf) {
    struct perf_facts *facts = &perf->facts;
    const char *path = json_str(json_get(perf->agent->task->root, "history"), NULL);
    char parameters[SECURE_HEX_SIZE];
    struct baseline_session now;
    if (facts->load == NULL || facts->load->end != LOAD_WHOLE || load_saturated(facts->load) ||
        performance_parameters(perf, parameters) != ERR_OK)
        return;
    blocks_series(facts->blocks, &now);
    performance_remember(perf, &now, parameters);
    if (path != NULL &&
        baseline_read(path, perf->agent->name, parameters, &facts->baseline) == ERR_OK)
        facts->comparison = baseline_compare(facts->baseline, &now);
}

static void performance_judge(const struct performance *perf) {
    const struct agent *agent = perf->agent;
    const struct rule *rule;
    for (size_t i = 0; (rule = perf_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        if (!agent->task->modes[rule->mode])
            continue;
        judgement_init(&judgement);
        judgement_component(&judgement, &perf->facts.url);
        perf_rules_judge(i, &perf->facts, &judgement);
        lines_judgement(agent->lines, rule, &judgement, perf->facts.non_public);
        judgement_done(&judgement);
    }
}

static void performance_conclude(const struct performance *perf) {
    const struct perf_facts *facts = &perf->facts;
    struct lines *lines = perf->agent->lines;
    struct json_out out;
    struct buf data;
    buf_init(&data, DATA_MAX);
    json_out_init(&out, &data);
    figures_put(facts, &out);
    struct text document = data.failed ? NO_DATA : buf_text(&data);
    if (facts->first.answered == 0)
        lines_result(lines, LINES_FAILED, "target_unreachable", facts->first.why, document);
    else if (facts->load == NULL && !perf->agent->task->modes[RULE_SAFE])
        lines_result(lines, LINES_COMPLETED, NULL, NULL, document); /* none was permitted */
    else if (facts->load == NULL)
        lines_result(lines, LINES_PARTIAL, "no_load", NULL, document);
    else if (facts->load->end != LOAD_WHOLE)
        lines_result(lines, LINES_PARTIAL, load_end_word(facts->load->end), NULL, document);
    else if (load_saturated(facts->load))
        lines_result(lines, LINES_PARTIAL, "generator_saturated", NULL, document);
    else
        lines_result(lines, LINES_COMPLETED, NULL, NULL, document);
    buf_done(&data);
}

/* The load speaks what single requests agreed on with the server. */
static void performance_agree(struct performance *perf) {
    struct perf_facts *facts = &perf->facts;
    if (facts->first.answered == 0)
        return;
    facts->version = facts->first.version == 20 ? HTTP_2 : HTTP_1;
    if (facts->version_asked && facts->version == HTTP_1)
        lines_log(perf->agent->lines, "warn", "HTTP/2 is not offered: HTTP/1.1 is measured");
}

static enum err performance_weigh(struct performance *perf) {
    struct perf_facts *facts = &perf->facts;
    const struct weight_plan plan = {
        .gate = perf->gate, .version = facts->version, .max_rps = perf->agent->task->max_rps};
    if (facts->first.answered == 0)
        return ERR_OK;
    lines_progress(perf->agent->lines, "what the page loads", facts->first.asked, NULL);
    return weight_weigh(&plan, facts->mix->url[0], &facts->first.response, &facts->weight);
}

/* Who wants a page tested means what it shows, not the redirect before it. A mix is taken at its
 * word. */
static enum err performance_lead(struct performance *perf) {
    struct perf_facts *facts = &perf->facts;
    const struct weight *weight = &facts->weight;
    if (!facts->mix->is_default || weight->redirects == 0 || weight->count == 0)
        return ERR_OK;
    lines_log(perf->agent->lines, "info", "The target redirects: the load asks for where it leads");
    return mix_lead(facts->mix, weight->parts[0].url);
}

static enum err performance_measure(struct performance *perf, struct fault *ret_fault) {
    const struct agent_task *task = perf->agent->task;
    struct perf_facts *facts = &perf->facts;
    char note[DOSE_NOTE_SIZE];
    lines_plan_rules(perf->agent->lines, perf_rules_get, perf->agent->task->modes);
    dose_measure(task, facts, note);
    performance_warn(perf, note);
    lines_progress(perf->agent->lines, "single requests", 0, NULL);
    enum err err =
        single_ask(perf->gate, facts->mix->url[0], facts->version, task->max_rps, &facts->first);
    performance_agree(perf);
    if (err == ERR_OK)
        err = performance_weigh(perf);
    if (err == ERR_OK)
        err = performance_lead(perf);
    if (err == ERR_OK && facts->first.answered > 0 && task->modes[RULE_SAFE])
        err = performance_load(perf, ret_fault);
    if (err == ERR_OK)
        err = performance_surge(perf, ret_fault);
    if (err != ERR_OK)
        return err;
    performance_compare(perf);
    figures_say(facts, perf->agent->lines);
    keepsake_leave(perf->agent, facts);
    performance_judge(perf);
    performance_conclude(perf);
    return ERR_OK;
}

static enum agent_end performance_test(struct performance *perf) {
    struct fault fault = {0};
    enum err err = dose_read(perf->agent->task, &perf->facts, &fault);
    if (err == ERR_SYNTAX) {
        lines_result(perf->agent->lines, LINES_FAILED, "bad_load", fault.text, NO_DATA);
        return AGENT_BAD_TASK;
    }
    if (err == ERR_OK)
        err = performance_admit(perf, &fault);
    if (err == ERR_REFUSED) {
        lines_result(perf->agent->lines, LINES_REFUSED, "target_refused", fault.text, NO_DATA);
        return AGENT_REFUSED;
    }
    if (err != ERR_OK) {
        lines_result(perf->agent->lines, LINES_FAILED, "target_unavailable", fault.text, NO_DATA);
        return AGENT_RAN;
    }
    return performance_measure(perf, &fault) == ERR_OK ? AGENT_RAN : AGENT_BROKEN;
}

enum agent_end performance_run(struct agent *agent) {
    struct performance perf = {.agent = agent};
    enum agent_end end = AGENT_BROKEN;
    if (agent->task->target.ptr == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url",
                     NO_DATA);
        return AGENT_NOT_AVAILABLE;
    }
    char *url_text = text_dup(agent->task->target);
    perf.facts.url_text = url_text;
    if (url_text != NULL && url_parse(text_of(url_text), &perf.facts.url, NULL) == ERR_OK &&
        agent_task_gate(agent->task, &perf.gate) == ERR_OK)
        end = performance_test(&perf);
    free(perf.facts.baseline);
    blocks_free(perf.facts.blocks);
    load_free(perf.facts.load);
    mix_free(perf.facts.mix);
    weight_done(&perf.facts.weight);
    single_done(&perf.facts.first);
    gate_free(perf.gate);
    free(url_text);
    return end;
}

/* The order of work: admit, gather, judge, tell. Knows neither sockets nor single rules. */
#include "agents/security/security.h"

#include <stdio.h>

#include "agents/security/gather.h"
#include "agents/security/rules.h"
#include "agents/standards.h"
#include "agnostic/base/time.h"

enum { SECURITY_RULES_MAX = 256, SECURITY_DATA_MAX = 64 << 10 };

static void security_plan(struct agent *agent) {
    const struct rule *planned[SECURITY_RULES_MAX], *skipped[SECURITY_RULES_MAX], *rule;
    struct lines_plan plan = {planned, 0, skipped, 0};
    for (size_t i = 0; i < SECURITY_RULES_MAX && (rule = rules_get(i)) != NULL; i++) {
        if (agent->task->modes[rule->mode])
            planned[plan.planned_count++] = rule;
        else
            skipped[plan.skipped_count++] = rule;
    }
    lines_plan(agent->lines, &plan);
}

static void security_judge(struct agent *agent, const struct facts *facts,
                           struct standards *standards) {
    const struct rule *rule;
    for (size_t i = 0; (rule = rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        if (!agent->task->modes[rule->mode]) {
            standards_note(standards, rule, JUDGEMENT_NOT_TESTED);
            continue;
        }
        judgement_init(&judgement);
        judgement_component(&judgement, &facts->target);
        rules_judge(i, facts, &judgement);
        lines_judgement(agent->lines, rule, &judgement, facts->non_public);
        standards_note(standards, rule, judgement.status);
        judgement_done(&judgement);
    }
}

static void security_put_tls(const struct tls_facts *tls, struct json_out *out) {
    static const char *const WORDS[FACTS_TLS__COUNT] = {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    const struct tls_certificate *leaf = &tls->shake.chain[0];
    json_out_name(out, "protocols");
    json_out_array(out);
    for (int version = 0; version < FACTS_TLS__COUNT; version++)
        if (tls->versions[version].completed)
            json_out_str(out, WORDS[version]);
    json_out_end_array(out);
    if (tls->shake.chain_count == 0)
        return;
    json_out_name(out, "certificate");
    json_out_object(out);
    json_out_member(out, "subject", leaf->subject);
    json_out_member(out, "issuer", leaf->issuer);
    json_out_member(out, "signature_algorithm", leaf->signature);
    json_out_member(out, "key_type", leaf->key_type);
    json_out_member_int(out, "key_bits", leaf->key_bits);
    json_out_member_bool(out, "self_signed", leaf->self_signed);
    json_out_member_int(out, "not_before", leaf->not_before_s);
    json_out_member_int(out, "not_after", leaf->not_after_s);
    json_out_end_object(out);
}

/* What was seen, beside the findings: result.data. */
static void security_put_data(const struct facts *facts, size_t requests,
                              const struct standards *standards, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "target", facts->target_text);
    json_out_member_bool(&out, "public", !facts->non_public);
    json_out_member(&out, "final_url", facts->final != NULL ? facts->final->url_text : NULL);
    json_out_member_int(&out, "final_status",
                        facts->final != NULL ? facts->final->response.status : 0);
    json_out_member_int(&out, "requests", (int64_t)requests);
    if (facts->tls.is_target && facts->tls.best.completed) {
        json_out_name(&out, "tls");
        json_out_object(&out);
        security_put_tls(&facts->tls, &out);
        json_out_end_object(&out);
    }
    json_out_name(&out, "standards");
    standards_put(standards, &out);
    json_out_end_object(&out);
}

/* Why the page could not be judged, in words. */
static void security_why(const struct facts *facts, char *dst, size_t size) {
    const struct answer *last =
        facts->chain.count > 0 ? &facts->chain.hops[facts->chain.count - 1] : NULL;
    if (last != NULL && last->why[0] != '\0')
        snprintf(dst, size, "The page could not be judged: %s", last->why);
    else if (last != NULL && last->response.head_truncated)
        snprintf(dst, size, "The page could not be judged: %.200s sends more headers than are read",
                 last->url_text);
    else if (last != NULL && last->err == ERR_OK)
        snprintf(dst, size, "The page could not be judged: %.200s answered %d", last->url_text,
                 last->response.status);
    else
        snprintf(dst, size, "The page could not be judged");
}

/* Whole, partial (TLS without a page), or nothing could be measured. */
static void security_conclude(struct agent *agent, const struct facts *facts, size_t requests,
                              const struct standards *standards) {
    char why[JUDGEMENT_NOTE_SIZE];
    struct buf data;
    buf_init(&data, SECURITY_DATA_MAX);
    security_put_data(facts, requests, standards, &data);
    struct text document = data.failed ? (struct text){NULL, 0} : buf_text(&data);
    bool unreachable = facts->chain.hops[0].err != ERR_OK && facts->tls.best.err != ERR_OK;
    security_why(facts, why, sizeof(why));
    if (facts->page != NULL)
        lines_result(agent->lines, LINES_COMPLETED, NULL, NULL, document);
    else if (unreachable)
        lines_result(agent->lines, LINES_FAILED, facts->no_page, why, document);
    else
        lines_result(agent->lines, LINES_PARTIAL, facts->no_page, why, document);
    buf_done(&data);
}

static void security_measure(struct agent *agent, struct gather *gather, struct facts *facts,
                             struct standards *standards) {
    security_plan(agent);
    lines_progress(agent->lines, "tls", gather_requests(gather), NULL);
    gather_tls(gather);
    lines_progress(agent->lines, "pages", gather_requests(gather), NULL);
    gather_pages(gather);
    facts_derive(facts);
    lines_progress(agent->lines, "origins", gather_requests(gather), NULL);
    gather_origins(gather);
    lines_progress(agent->lines, "judging", gather_requests(gather), NULL);
    security_judge(agent, facts, standards);
    security_conclude(agent, facts, gather_requests(gather), standards);
}

static enum agent_end security_test(struct agent *agent, struct gather *gather, struct facts *facts,
                                    struct standards *standards) {
    const struct text none = {NULL, 0};
    struct fault fault = {0};
    enum err err = gather_admit(gather, &fault);
    facts->now_s = time_wall_us() / 1000000;
    if (err == ERR_REFUSED) {
        lines_result(agent->lines, LINES_REFUSED, "target_refused", fault.text, none);
        return AGENT_REFUSED;
    }
    if (err != ERR_OK)
        lines_result(agent->lines, LINES_FAILED, "target_unavailable", fault.text, none);
    else
        security_measure(agent, gather, facts, standards);
    return AGENT_RAN;
}

enum agent_end security_run(struct agent *agent) {
    struct facts *facts = NULL;
    struct gather *gather = NULL;
    struct standards *standards = NULL;
    enum agent_end end = AGENT_BROKEN;
    if (agent->task->target.ptr == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url",
                     (struct text){NULL, 0});
        return AGENT_NOT_AVAILABLE;
    }
    if (facts_new(agent->task->target, &facts) == ERR_OK &&
        gather_new(agent->task, facts, &gather) == ERR_OK &&
        standards_new(agent->task->standards, &standards) == ERR_OK)
        end = security_test(agent, gather, facts, standards);
    standards_free(standards);
    gather_free(gather);
    facts_free(facts);
    return end;
}

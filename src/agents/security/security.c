/* The order of work: admit, gather, judge, tell. Knows neither sockets nor single rules. */
#include "agents/security/security.h"

#include <stdio.h>

#include "agents/security/document.h"
#include "agents/security/gather.h"
#include "agents/security/inventory.h"
#include "agents/security/observatory.h"
#include "agents/security/rules.h"
#include "agnostic/base/time.h"

enum { SECURITY_DATA_MAX = 128 << 10, SECURITY_MEMO_MAX = 8 << 10 };

static void security_judge(struct agent *agent, struct facts *facts, struct tally *tally) {
    const struct rule *rule;
    facts->judged = tally;
    for (size_t i = 0; (rule = rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        if (!agent->task->modes[rule->mode]) {
            tally_add(tally, rule, NULL, facts->non_public);
            continue;
        }
        judgement_init(&judgement);
        judgement_component(&judgement, &facts->target);
        rules_judge(i, facts, &judgement);
        lines_judgement(agent->lines, rule, &judgement, facts->non_public);
        tally_add(tally, rule, &judgement, facts->non_public);
        judgement_done(&judgement);
    }
}

static void security_measure_up(struct agent *agent, const struct facts *facts) {
    struct observatory observatory;
    if (!observatory_judge(facts, &observatory))
        return;
    lines_metric(agent->lines,
                 &(struct lines_metric){"security.observatory_score", observatory.score, "points",
                                        (int64_t)observatory.measured, "HTTP Observatory, 2026"});
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
                              const struct tally *tally) {
    char why[JUDGEMENT_NOTE_SIZE];
    struct json_out out;
    struct buf data;
    buf_init(&data, SECURITY_DATA_MAX);
    json_out_init(&out, &data);
    document_put(facts, tally, requests, agent->task->standards, &out);
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

/* Why no more of the site was seen, when that is its own doing. */
static void security_tell_crawl(struct agent *agent, const struct facts *facts) {
    char message[JUDGEMENT_NOTE_SIZE];
    int status = facts->robots_status;
    if (facts->crawl.disallowed == 0)
        return;
    if (status / 100 == 2)
        snprintf(message, sizeof(message), "robots.txt disallows %zu of the pages that were found",
                 facts->crawl.disallowed);
    else if (status != 0)
        snprintf(message, sizeof(message), "robots.txt answered %d: no other page was asked for",
                 status);
    else
        snprintf(message, sizeof(message),
                 "robots.txt was not answered: no other page was asked for");
    lines_log(agent->lines, "warn", message);
}

/* What payment pages were before, and what they are now for later sessions. */
static void security_remember(struct agent *agent, struct facts *facts) {
    const char *path = json_str(json_get(agent->task->root, "history"), NULL);
    struct inventory now;
    struct json_out out;
    struct buf memo;
    if (path != NULL)
        (void)inventory_read(path, agent->name, &facts->payment); /* its check says it is missing */
    inventory_take(facts, &now);
    if (now.count == 0)
        return;
    buf_init(&memo, SECURITY_MEMO_MAX);
    json_out_init(&out, &memo);
    inventory_put_memo(&now, &out);
    if (!memo.failed)
        lines_remember(agent->lines, buf_text(&memo));
    buf_done(&memo);
}

static void security_measure(struct agent *agent, struct gather *gather, struct facts *facts) {
    struct tally tally = {0};
    lines_plan_rules(agent->lines, rules_get, agent->task->modes);
    lines_progress(agent->lines, "tls", gather_requests(gather), NULL);
    gather_tls(gather);
    lines_progress(agent->lines, "pages", gather_requests(gather), NULL);
    gather_pages(gather);
    facts_derive_page(facts);
    lines_progress(agent->lines, "crawl", gather_requests(gather), NULL);
    gather_crawl(gather);
    security_tell_crawl(agent, facts);
    facts_derive(facts);
    lines_progress(agent->lines, "origins", gather_requests(gather), NULL);
    gather_origins(gather);
    lines_progress(agent->lines, "paths", gather_requests(gather), NULL);
    gather_paths(gather);
    lines_progress(agent->lines, "methods", gather_requests(gather), NULL);
    gather_methods(gather);
    lines_progress(agent->lines, "parameters", gather_requests(gather), NULL);
    gather_params(gather);
    lines_progress(agent->lines, "judging", gather_requests(gather), NULL);
    security_remember(agent, facts);
    security_judge(agent, facts, &tally);
    security_measure_up(agent, facts);
    security_conclude(agent, facts, gather_requests(gather), &tally);
}

static enum agent_end security_test(struct agent *agent, struct gather *gather,
                                    struct facts *facts) {
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
        security_measure(agent, gather, facts);
    return AGENT_RAN;
}

enum agent_end security_run(struct agent *agent) {
    struct facts *facts = NULL;
    struct gather *gather = NULL;
    enum agent_end end = AGENT_BROKEN;
    if (agent->task->target.ptr == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url",
                     (struct text){NULL, 0});
        return AGENT_NOT_AVAILABLE;
    }
    if (facts_new(agent->task->target, &facts) == ERR_OK &&
        gather_new(agent->task, facts, &gather) == ERR_OK)
        end = security_test(agent, gather, facts);
    gather_free(gather);
    facts_free(facts);
    return end;
}

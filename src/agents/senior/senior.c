/* The order of work: admit, walk, try, judge, tell. Knows neither sockets nor single rules. */
#include "agents/senior/senior.h"

#include <stdlib.h>

#include "agents/admit.h"
#include "agents/senior/senior_put.h"
#include "agents/senior/senior_rules.h"
#include "agents/senior/walk.h"

enum { DATA_MAX = 256 << 10, BUDGET_MS = 150000 };

static const struct text NO_DATA = {NULL, 0};

/* --- what was seen ----------------------------------------------------------------------------
 */

/* Its parameters are tried with all others, later. */
static enum err senior_see_api(const struct agent *agent, struct asker *asker,
                               struct senior_facts *facts) {
    struct api api;
    lines_progress(agent->lines, "api", asker->requests, NULL);
    enum err err = api_find(asker, facts->terrain.spots[SPOT_HOME], &api);
    api_notes_of(&facts->api, &api);
    if (err == ERR_OK && api.openapi != NULL) {
        rehearsal_inlets(&api, &facts->terrain.inlets);
        rehearsal_run(agent, asker, &api, &facts->api);
    }
    api_done(&api);
    return err;
}

static enum err senior_see(const struct agent *agent, const struct gate *gate,
                           struct senior_facts *facts) {
    struct terrain *terrain = &facts->terrain;
    struct asker asker;
    enum err err = asker_open(&asker, agent->task, gate, terrain->non_public, BUDGET_MS);
    lines_progress(agent->lines, "pages", 0, NULL);
    if (err == ERR_OK)
        err = walk_run(agent, &asker, terrain, facts->access);
    bool more = terrain->spots[SPOT_HOME][0] != '\0' && agent->task->modes[RULE_SAFE];
    lines_progress(agent->lines, "manners", asker.requests, NULL);
    if (err == ERR_OK && more)
        err = conduct_run(agent, &asker, gate, terrain, &facts->conduct);
    if (err == ERR_OK && more)
        err = senior_see_api(agent, &asker, facts);
    lines_progress(agent->lines, "edges", asker.requests, NULL);
    if (err == ERR_OK && more)
        err = trial_run(agent, &asker, terrain, &facts->trials);
    terrain->requests = asker.requests;
    asker_close(&asker);
    return err;
}

/* --- what it came to --------------------------------------------------------------------------
 */

static void senior_judge(const struct agent *agent, const struct senior_facts *facts,
                         struct tally *tally) {
    const struct rule *rule;
    bool non_public = facts->terrain.non_public;
    for (size_t i = 0; (rule = senior_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        if (!agent->task->modes[rule->mode]) {
            tally_add(tally, rule, NULL, non_public);
            continue;
        }
        judgement_init(&judgement);
        judgement_component(&judgement, &facts->terrain.target);
        senior_rules_judge(i, facts, &judgement);
        lines_judgement(agent->lines, rule, &judgement, non_public);
        tally_add(tally, rule, &judgement, non_public);
        judgement_done(&judgement);
    }
}

static void senior_measure(const struct agent *agent, const struct senior_facts *facts) {
    const struct model *model = &facts->terrain.model;
    const struct lines_metric METRICS[] = {
        {"functional.state_coverage", model_share(model_visited(model), model->state_count), "1",
         (int64_t)model->state_count, "crawl"},
        {"functional.transition_coverage", model_share(model_taken(model), model->step_count), "1",
         (int64_t)model->step_count, "crawl"},
        {"functional.edge_cases", (double)facts->trials.tried, "1", (int64_t)facts->trials.cases,
         "seeded"},
        {"functional.edge_cases_failed", (double)facts->trials.failures, "1",
         (int64_t)facts->trials.tried, "seeded"}};
    for (size_t i = 0; i < sizeof(METRICS) / sizeof(METRICS[0]); i++)
        lines_metric(agent->lines, &METRICS[i]);
}

static void senior_conclude(const struct agent *agent, const struct senior_facts *facts) {
    const struct terrain *terrain = &facts->terrain;
    struct tally tally = {0};
    struct json_out out;
    struct buf data;
    buf_init(&data, DATA_MAX);
    senior_measure(agent, facts);
    senior_judge(agent, facts, &tally);
    json_out_init(&out, &data);
    senior_put(facts, &tally, &out);
    struct text document = data.failed ? NO_DATA : buf_text(&data);
    if (terrain->start_status == 0)
        lines_result(agent->lines, LINES_FAILED, "target_unreachable", terrain->start_why,
                     document);
    else if (terrain->spots[SPOT_HOME][0] == '\0')
        lines_result(agent->lines, LINES_PARTIAL, "no_2xx_answer", NULL, document);
    else
        lines_result(agent->lines, LINES_COMPLETED, NULL, NULL, document);
    buf_done(&data);
}

static enum agent_end senior_test(struct agent *agent, const struct gate *gate,
                                  struct senior_facts *facts) {
    admit_classes classes;
    enum agent_end end;
    if (!admit(agent, gate, &facts->terrain.target, &classes, &end))
        return end;
    facts->terrain.non_public = admit_non_public(classes);
    lines_plan_rules(agent->lines, senior_rules_get, agent->task->modes);
    if (senior_see(agent, gate, facts) != ERR_OK)
        return AGENT_BROKEN;
    lines_progress(agent->lines, "judging", facts->terrain.requests, NULL);
    senior_conclude(agent, facts);
    return AGENT_RAN;
}

static void senior_free(struct senior_facts *facts) {
    if (facts == NULL)
        return;
    access_free(facts->access);
    api_notes_done(&facts->api);
    trial_done(&facts->trials);
    inlet_done(&facts->terrain.inlets);
    model_done(&facts->terrain.model);
    free(facts);
}

enum agent_end senior_run(struct agent *agent) {
    enum agent_end end = AGENT_BROKEN;
    struct gate *gate = NULL;
    if (agent->task->target.ptr == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url",
                     NO_DATA);
        return AGENT_NOT_AVAILABLE;
    }
    struct senior_facts *facts = calloc(1, sizeof(*facts));
    char *url = text_dup(agent->task->target);
    if (facts != NULL && url != NULL && access_new(&facts->access) == ERR_OK &&
        url_parse(text_of(url), &facts->terrain.target, NULL) == ERR_OK &&
        agent_task_gate(agent->task, &gate) == ERR_OK) {
        facts->terrain.target_text = url;
        end = senior_test(agent, gate, facts);
    }
    gate_free(gate);
    senior_free(facts);
    free(url);
    return end;
}

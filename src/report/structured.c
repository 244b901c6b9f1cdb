/* One table of sections: whose lines they are made of, how they are told, what they call for. */
#include "agnostic/report/structured.h"

#include <stdio.h>

#include "agnostic/task/verdict.h"
#include "report/telling.h"

enum { REPORT_ID_MAX_BYTES = 1024 };

static const struct {
    const char *name;
    role_set roles;
    void (*put)(struct telling *telling);
    void (*act)(struct telling *telling);
} SECTIONS[STRUCTURED__COUNT] = {
    [STRUCTURED_COMPREHENSIVE] = {"comprehensive", 0, NULL, NULL},
    [STRUCTURED_SECURITY] = {"security", ROLE_BIT(ROLE_SECURITY_COMPLIANCE), telling_put_security,
                             telling_act_on_security},
    [STRUCTURED_PERFORMANCE] = {"performance", ROLE_BIT(ROLE_PERFORMANCE), telling_put_performance,
                                telling_act_on_performance},
    [STRUCTURED_TEST_EXECUTION] = {"test_execution",
                                   ROLE_BIT(ROLE_JUNIOR_QA) | ROLE_BIT(ROLE_SENIOR_QA),
                                   telling_put_tests, telling_act_on_tests},
};

bool structured_find(struct text word, enum structured_type *ret_type) {
    for (int type = STRUCTURED_SECURITY; type < STRUCTURED__COUNT; type++) {
        if (text_is(word, SECTIONS[type].name)) {
            *ret_type = (enum structured_type)type;
            return true;
        }
    }
    return false;
}

/* Is it asked for, and did one of its agents run? Turns telling to it. */
static bool turn_to(struct telling *telling, int section, enum structured_type type) {
    size_t at = 0;
    telling->roles = SECTIONS[section].roles;
    return (type == STRUCTURED_COMPREHENSIVE || (int)type == section) &&
           telling_agent(telling, &at) != NULL;
}

static void put_agents(const struct telling *telling) {
    const struct session_view_agent *agent;
    json_out_name(telling->out, "agents");
    json_out_object(telling->out);
    for (size_t at = 0; (agent = telling_agent(telling, &at)) != NULL;) {
        json_out_name_text(telling->out, agent->name);
        json_out_text(telling->out, agent->status);
    }
    json_out_end_object(telling->out);
}

static void put_results(struct telling *telling, enum structured_type type) {
    json_out_name(telling->out, "action");
    json_out_object(telling->out);
    json_out_name(telling->out, "results");
    json_out_object(telling->out);
    for (int i = 0; i < STRUCTURED__COUNT; i++) {
        if (!turn_to(telling, i, type))
            continue;
        json_out_name(telling->out, SECTIONS[i].name);
        json_out_object(telling->out);
        SECTIONS[i].put(telling);
        put_agents(telling);
        json_out_end_object(telling->out);
    }
    json_out_end_object(telling->out);
    json_out_end_object(telling->out);
}

/* Whatever is no GO blocks, a run that is not whole too. */
static void act_on_verdict(struct telling *telling) {
    struct text word = telling->view.verdict;
    enum verdict verdict = VERDICT_INCOMPLETE;
    char reason[TELLING_SENTENCE_SIZE];
    (void)verdict_read(word, &verdict);
    if (telling->blocks || verdict == VERDICT_GO || verdict == VERDICT_GO_WITH_WARNINGS)
        return;
    snprintf(reason, sizeof(reason), "The verdict of the session is %s", verdict_word(verdict));
    telling_block(telling, reason);
    json_out_end_object(telling->out);
}

static void put_actions(struct telling *telling, enum structured_type type) {
    json_out_name(telling->out, "actions");
    json_out_array(telling->out);
    for (int i = 0; i < STRUCTURED__COUNT; i++)
        if (turn_to(telling, i, type))
            SECTIONS[i].act(telling);
    act_on_verdict(telling);
    json_out_end_array(telling->out);
}

void structured_put(const struct json *summary, const struct json *result,
                    enum structured_type type, struct json_out *out) {
    struct telling telling = {.out = out};
    struct buf report_id;
    session_view_read(summary, result, &telling.view);
    buf_init(&report_id, REPORT_ID_MAX_BYTES);
    buf_puts(&report_id, "report-");
    buf_puttext(&report_id, telling.view.session_id);
    json_out_object(out);
    json_out_member_text(out, "session_id", telling.view.session_id);
    json_out_member_text(out, "report_id", buf_text(&report_id));
    json_out_member(out, "report_type", SECTIONS[type].name);
    json_out_member_text(out, "task_id", telling.view.task_id);
    json_out_member_text(out, "completed_at", telling.view.completed_at);
    json_out_member_text(out, "verdict", telling.view.verdict);
    put_actions(&telling, type);
    put_results(&telling, type);
    json_out_end_object(out);
    buf_done(&report_id);
}

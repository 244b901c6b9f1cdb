/* The order of a client's checks, and which are carried out again. Sends nothing itself. */
#include "agents/junior/user_run.h"

#include <stdlib.h>

#include "agents/junior/user_step.h"

struct user_run {
    struct judgement judgements[USER_CHECKS_MAX];
    size_t count, again; /* again: checks that were carried out again */
    struct user_means means;
    struct flaky *flaky;
};

/* A bad moment of the target is not its client's business. */
static void user_run_again(struct user_run *run, const struct user_check *check,
                           struct judgement *judgement) {
    for (size_t pass = 0;
         pass < FLAKY_PASSES && asker_pause(&run->means.asker, FLAKY_PAUSES_MS[pass]); pass++) {
        struct judgement second;
        user_step_run(&run->means, check, &second);
        if (second.status != JUDGEMENT_PASSED) {
            judgement_done(&second);
            continue;
        }
        flaky_add(run->flaky, check->name, text_of(judgement->summary),
                  buf_text(&judgement->reproduce));
        judgement_done(judgement);
        *judgement = second;
        return;
    }
}

static void user_run_one(struct user_run *run, const struct json *value) {
    char why[USER_CHECK_WHY_SIZE];
    struct user_check check;
    struct judgement *judgement = &run->judgements[run->count];
    if (run->count == USER_CHECKS_MAX || !user_check_read(value, &check, why))
        return;
    run->count++;
    user_step_run(&run->means, &check, judgement);
    if (judgement->status == JUDGEMENT_FAILED && user_check_is_safe(&check) &&
        run->again++ < USER_RUN_AGAIN_MAX)
        user_run_again(run, &check, judgement);
}

/* --- all ----------------------------------------------------------------------------------------
 */

enum err user_run_all(const struct agent *agent, const struct gate *gate, struct site *site,
                      struct user_run **ret_run) {
    const struct json *checks = json_get(agent->task->root, "checks");
    struct user_run *run = calloc(1, sizeof(*run));
    struct url target;
    if (run == NULL)
        return ERR_NOMEM;
    run->means.origin = site->origin;
    run->flaky = &site->flaky;
    if (url_parse(agent->task->target, &target, NULL) == ERR_OK)
        url_origin(&target, run->means.target_origin, sizeof(run->means.target_origin));
    run->means.may_change = agent->task->modes[RULE_ACTIVE];
    enum err err =
        asker_open(&run->means.asker, agent->task, gate, site->non_public, USER_RUN_BUDGET_MS);
    run->means.asker.most -= (int64_t)site->requests;
    for (size_t i = 0; err == ERR_OK && i < json_count(checks); i++)
        user_run_one(run, json_at(checks, i));
    asker_close(&run->means.asker);
    user_captures_done(&run->means.captures);
    if (err == ERR_OK)
        *ret_run = run;
    else
        user_run_free(run);
    return err;
}

void user_run_free(struct user_run *run) {
    for (size_t i = 0; run != NULL && i < run->count; i++)
        judgement_done(&run->judgements[i]);
    free(run);
}

size_t user_run_count(const struct user_run *run) {
    return run->count;
}

const struct judgement *user_run_judge(const struct user_run *run, size_t index) {
    return &run->judgements[index];
}

size_t user_run_requests(const struct user_run *run) {
    return run->means.asker.requests;
}

/* Who works when: groups of agents side by side. Starts no process itself and knows no Redis. */
#include <stdio.h>
#include <string.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "runner/argv.h"
#include "runner/artifacts.h"
#include "runner/host.h"
#include "runner/job.h"

/* Parts of the plan that work side by side. */
struct group {
    struct job *job;
    size_t next, end; /* parts that have not begun */
    size_t before;    /* agents that had ended when it began */
    size_t at_once;   /* of it */
    struct host_place place;
    struct pulse pulse;
    struct hosted *hosted[HOST_AGENTS_MAX];
    size_t parts[HOST_AGENTS_MAX], running;
};

/* --- one agent ---------------------------------------------------------------------- */

/* Why an agent is not even started: the outcome's words. status is OUTCOME_COMPLETED for an
 * agent that is to run. */
struct answer {
    enum outcome_status status;
    const char *reason, *text;
};

static bool wants_target(const struct manifest *manifest) {
    bool wants = manifest->network == MANIFEST_NETWORK_TARGET;
    for (size_t i = 0; i < manifest->command_count && !wants; i++) {
        wants = argv_wants_target(manifest->command[i]);
    }
    return wants;
}

static struct answer answer_for(const struct job *job, const struct agent *agent) {
    if (!agent) {
        return (struct answer){OUTCOME_NOT_AVAILABLE, "no_agent",
                               "No such agent is installed for this role."};
    }
    if (time_mono_ms() >= job->end_ms) {
        return (struct answer){
            OUTCOME_NOT_AVAILABLE, "time_limit",
            "The time that the task's constraints give the session was used up."};
    }
    if (job->target_err != ERR_OK) {
        return (struct answer){OUTCOME_FAILED, "target_unresolved", job->fault.text};
    }
    if (!job->has_target && wants_target(&agent->manifest)) {
        return (struct answer){OUTCOME_NOT_AVAILABLE, "no_target",
                               "The task has no target_url, which this agent needs."};
    }
    if (agent->unable) {
        return (struct answer){OUTCOME_NOT_AVAILABLE, agent->unable, agent->unable_text};
    }
    return (struct answer){OUTCOME_COMPLETED, NULL, NULL};
}

static void log_agent(const struct job *job, const struct outcome *outcome,
                      const struct host_account *account) {
    const char *reason = outcome_reason(outcome);
    log_info("agent_ended", LOG_STR("task_id", job->claim->id),
             LOG_STR("agent", outcome_name(outcome)),
             LOG_STR("status", outcome_status_word(outcome_status(outcome))),
             LOG_STR("reason", reason ? reason : ""), LOG_INT("ms", account->ms),
             LOG_INT("findings", (int64_t)outcome_findings(outcome)),
             LOG_INT("bad_lines", (int64_t)outcome_bad_lines(outcome)),
             LOG_INT("stdout_bytes", (int64_t)account->out_bytes),
             LOG_INT("contained", account->contained), LOG_INT("offline", account->offline),
             LOG_STR("stderr", account->said));
}

/* --- the target, among others who test it ----------------------------------------------- */

/* What the parts from i on need of the target. It only ever becomes less, so that a task waits, if
 * at all, before its first agent: nothing is done twice. */
static enum need need_from(const struct job *job, size_t i) {
    enum need need = NEED_NONE;
    for (; job->has_target && i < job->plan.count; i++) {
        const struct agent *agent = job->plan.parts[i].agent;
        if (answer_for(job, agent).status == OUTCOME_COMPLETED &&
            (agent->manifest.network != MANIFEST_NETWORK_NONE || wants_target(&agent->manifest))) {
            enum need its = agent->manifest.alone ? NEED_ALONE : NEED_SHARED;
            need = its > need ? its : need;
        }
    }
    return need;
}

static enum err hold_target(struct job *job, size_t i) {
    enum need need = need_from(job, i);
    enum err err = ERR_OK;
    if (need == job->need) {
        return ERR_OK;
    }
    if (need == NEED_NONE) {
        lease_leave_target(job->lease);
    } else {
        err = lease_take_target(job->lease, job->target_name, need == NEED_ALONE,
                                target_places(&job->target));
    }
    job->need = need;
    return err;
}

static const struct target *target_of(const struct job *job) {
    return job->has_target ? &job->target : NULL;
}

/* Requests a second of all its agents together, as operator and client permit them; never 0. */
static int64_t rate_of(const struct job *job) {
    int64_t share = target_share(target_of(job), job->need == NEED_ALONE);
    double wish = job->criteria.limits.max_rps;
    return (double)share < wish ? share : (int64_t)wish;
}

/* The earlier sessions for an agent that wants them; NULL when they cannot be read: it says so
 * itself. */
static const struct buf *recall(struct job *job, const struct agent *agent) {
    if (!agent->manifest.wants_history) {
        return NULL;
    }
    if (job->history_state == HISTORY_UNREAD) {
        enum err err = memory_recall(job->lease->store, &job->request, &job->history);
        job->history_state = err == ERR_OK ? HISTORY_READ : HISTORY_AWAY;
        if (err != ERR_OK) {
            log_warn("history_not_read", LOG_STR("task_id", job->claim->id),
                     LOG_STR("error", err_word(err)));
        }
    }
    return job->history_state == HISTORY_READ ? &job->history : NULL;
}

/* What the first `count` agents found, for an agent that wants it. */
static const struct buf *results_of(struct job *job, const struct agent *agent, size_t count) {
    if (!agent->manifest.wants_results) {
        return NULL;
    }
    buf_reset(&job->results);
    return job_put_results(job, count, &job->results) == ERR_OK ? &job->results : NULL;
}

static void keep_artifacts(void *ctx, const char *workdir, struct outcome *outcome,
                           struct journal_voice *voice) {
    struct job *job = ctx;
    artifacts_keep(job->lease->store, job->claim, workdir, outcome, voice);
}

static enum err start_agent(struct group *group, const struct agent *agent,
                            struct outcome *outcome) {
    struct job *job = group->job;
    struct order order = {.task_id = job->claim->id,
                          .session_id = job->session_id,
                          .attempt = job->claim->attempt,
                          .request = &job->request,
                          .plan = &job->plan,
                          .criteria = &job->criteria,
                          .target = target_of(job),
                          .max_rps = rate_of(job) / (int64_t)group->at_once,
                          .history = recall(job, agent),
                          .results = results_of(job, agent, group->before)};
    return host_start(agent, &order, &group->place, outcome, &group->hosted[group->running],
                      &job->fault);
}

/* "completed", or "failed: timeout". */
static void tell_ended(struct job *job, size_t part) {
    const struct outcome *outcome = job->outcomes[part];
    const char *reason = outcome_reason(outcome);
    char why[128];
    snprintf(why, sizeof(why), "%s%s%s", outcome_status_word(outcome_status(outcome)),
             reason ? ": " : "", reason ? reason : "");
    job->progress->ended[part] = true;
    lease_event(job->lease, "agent_ended", outcome_name(outcome), why);
}

/* --- a group ------------------------------------------------------------------------ */

static enum err start_part(struct group *group) {
    struct job *job = group->job;
    size_t i = group->next++;
    const struct plan_part *part = &job->plan.parts[i];
    enum err err = outcome_new(part->name, part->role, &job->outcomes[i]);
    if (err != ERR_OK) {
        return err;
    }
    struct outcome *outcome = job->outcomes[i];
    job->progress->outcomes[i] = outcome;
    job->count++;
    struct answer answer = answer_for(job, part->agent);
    if (answer.status != OUTCOME_COMPLETED) {
        outcome_end(outcome, answer.status, answer.reason, answer.text);
        tell_ended(job, i);
        return ERR_OK;
    }
    lease_event(job->lease, "agent_started", part->name, NULL);
    lease_hurry(job->lease);
    /* What is no longer ours is not begun. */
    err = job->lease->state != LEASE_HELD ? ERR_LOST : start_agent(group, part->agent, outcome);
    if (err == ERR_OK) {
        group->parts[group->running++] = i;
    }
    return err;
}

/* Takes the running one at `at` to its end. */
static enum err end_part(struct group *group, size_t at) {
    struct job *job = group->job;
    struct host_account account;
    size_t part = group->parts[at];
    enum err err = host_end(group->hosted[at], &account, &job->fault);
    group->running--;
    group->hosted[at] = group->hosted[group->running];
    group->parts[at] = group->parts[group->running];
    if (err == ERR_OK) {
        log_agent(job, job->outcomes[part], &account);
        tell_ended(job, part);
    }
    return err;
}

/* With an error nothing more is begun, and what runs is ended. */
static enum err run_group(struct group *group) {
    enum err err = ERR_OK;
    while (err == ERR_OK && (group->next < group->end || group->running > 0)) {
        if (group->next < group->end && group->running < group->at_once) {
            err = start_part(group);
        } else {
            err = end_part(group, host_watch(group->hosted, group->running, &group->pulse));
        }
    }
    while (group->running > 0) {
        enum err its = end_part(group, 0);
        err = err == ERR_OK ? its : err;
    }
    return err;
}

/* --- all groups --------------------------------------------------------------------- */

static bool is_alone(const struct plan_part *part) {
    return part->agent && part->agent->manifest.alone;
}

/* Behind the last that may work beside the first. */
static size_t group_end(const struct plan *plan, size_t first) {
    size_t end = first + 1;
    while (end < plan->count && !is_alone(&plan->parts[first]) && !is_alone(&plan->parts[end]) &&
           plan->parts[end].stage == plan->parts[first].stage) {
        end++;
    }
    return end;
}

/* Where one request a second is permitted, agents ask one at a time. */
static size_t at_once(const struct job *job, size_t parts) {
    int64_t most = job->setup->agents_at_once, rate = rate_of(job);
    most = rate < most ? rate : most;
    return (size_t)(most < (int64_t)parts ? most : (int64_t)parts);
}

enum err stages_run(struct job *job) {
    enum err err = ERR_OK;
    plan_make(job->setup->roster, &job->request, &job->plan);
    for (size_t i = 0; i < job->plan.count; i++) {
        job->progress->names[job->progress->total++] = job->plan.parts[i].name;
    }
    for (size_t i = 0; err == ERR_OK && i < job->plan.count; i = group_end(&job->plan, i)) {
        struct group group = {.job = job,
                              .next = i,
                              .end = group_end(&job->plan, i),
                              .before = job->count,
                              .pulse = lease_pulse(job->lease)};
        group.place = (struct host_place){.run_dir = job->setup->run_dir,
                                          .deadline_ms = job->deadline_ms,
                                          .journal = &job->lease->journal,
                                          .gather = keep_artifacts,
                                          .ctx = job};
        err = hold_target(job, i);
        if (err == ERR_OK) {
            group.at_once = at_once(job, group.end - i);
            group.place.beside = group.at_once > 1;
            err = run_group(&group);
        }
    }
    return err;
}

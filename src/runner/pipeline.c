/* The order of things within one task. Starts no process itself and knows no Redis. */
#include "runner/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "agnostic/task/result.h"
#include "runner/argv.h"
#include "runner/artifacts.h"
#include "runner/host.h"
#include "runner/plan.h"

/* One task in hand. */
struct job {
    const struct setup *setup;
    const struct task_claim *claim;
    struct lease *lease;
    struct progress *progress;
    struct json *spec, *head;
    struct request request;
    const char *session_id; /* lives in head */
    bool has_target;
    enum err target_err; /* of resolving it */
    struct target target;
    struct fault fault;
    enum need { NEED_NONE, NEED_SHARED, NEED_ALONE } need; /* what is held of the target */
    char target_name[SECURE_HEX_SIZE];
    struct plan plan;
    struct outcome *outcomes[PROGRESS_AGENTS_MAX]; /* of those that have begun */
    size_t count;
    struct criteria criteria;
    struct criteria_limits limits;
    struct buf results; /* so far, for an agent that wants them */
    struct buf history; /* earlier sessions, once an agent wanted them */
    enum { HISTORY_UNREAD, HISTORY_READ, HISTORY_AWAY } history_state;
};

/* --- reading the task --------------------------------------------------------------- */

/* The session id stands in the head of the record, which wants only its end to be JSON. */
static enum err read_head(struct job *job) {
    char record[RECORD_PIECE_SIZE + 8];
    struct buf buf;
    buf_init(&buf, sizeof(record));
    buf_printf(&buf, "%s\"}", job->claim->head);
    enum err err = json_parse(buf_text(&buf), &JSON_LIMITS_REQUEST, &job->head, NULL);
    buf_done(&buf);
    job->session_id = json_str(json_get(job->head, "session_id"), NULL);
    return err == ERR_OK && job->session_id ? ERR_OK : ERR_DAMAGED;
}

/* What cannot be read might have been a limit: then nothing is done. */
static enum err read_limits(struct job *job) {
    enum err err = criteria_read(&job->request, &job->criteria);
    if (err == ERR_OK) {
        job->limits = criteria_limits(&job->criteria);
    }
    return err;
}

static enum err read_task(struct job *job) {
    enum err err = read_head(job);
    if (err == ERR_OK) {
        err = json_parse(text_of(job->claim->spec), &JSON_LIMITS_REQUEST, &job->spec, NULL);
    }
    if (err == ERR_OK) {
        err = request_read_spec(job->spec, &job->request);
    }
    if (err == ERR_OK) {
        err = read_limits(job);
    }
    if (err != ERR_OK && err != ERR_NOMEM) {
        err = fault_set(&job->fault, ERR_DAMAGED, "The stored task cannot be read.");
    }
    return err;
}

/* A name that does not resolve is no reason to fail the task: its agents say so. */
static enum err judge_target(struct job *job) {
    if (!job->request.target_url.ptr) {
        return ERR_OK;
    }
    struct pulse pulse = lease_pulse(job->lease);
    enum err err = target_judge(job->setup->target_rules, job->request.target_url, &pulse,
                                &job->target, &job->fault);
    job->has_target = err == ERR_OK;
    if (err == ERR_OK) {
        err = target_name(&job->target, job->target_name);
    }
    if (err == ERR_RESOLVE || err == ERR_TIMEOUT) {
        job->target_err = err;
        return ERR_OK;
    }
    return err;
}

/* The task's result as of the first `count` agents. */
static enum err put_results(const struct job *job, size_t count, struct buf *buf) {
    char iso[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), iso);
    return result_put(buf, job->session_id, iso, &job->request,
                      (const struct outcome *const *)job->outcomes, count);
}

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
    return put_results(job, count, &job->results) == ERR_OK ? &job->results : NULL;
}

static void keep_artifacts(void *ctx, const char *workdir, struct outcome *outcome) {
    struct job *job = ctx;
    artifacts_keep(job->lease->store, job->claim, workdir, outcome, &job->lease->journal);
}

static enum err host_agent(struct job *job, const struct agent *agent, struct outcome *outcome) {
    struct host_account account;
    struct pulse pulse = lease_pulse(job->lease);
    struct order order = {
        .task_id = job->claim->id,
        .session_id = job->session_id,
        .attempt = job->claim->attempt,
        .request = &job->request,
        .plan = &job->plan,
        .criteria = &job->criteria,
        .limits = &job->limits,
        .target = job->has_target ? &job->target : NULL,
        .max_rps = target_share(job->has_target ? &job->target : NULL, job->need == NEED_ALONE),
        .history = recall(job, agent),
        .results = results_of(job, agent, job->count - 1)};
    const struct host_place place = {.run_dir = job->setup->run_dir,
                                     .deadline_ms = job->lease->deadline_ms,
                                     .pulse = &pulse,
                                     .journal = &job->lease->journal,
                                     .gather = keep_artifacts,
                                     .ctx = job};
    journal_begin(&job->lease->journal, outcome_name(outcome));
    enum err err = host_run(agent, &order, &place, outcome, &account, &job->fault);
    journal_end(&job->lease->journal);
    if (err == ERR_OK) {
        log_agent(job, outcome, &account);
    }
    return err;
}

/* "completed", or "failed: timeout". */
static void tell_ended(struct job *job, const struct outcome *outcome) {
    char why[128];
    const char *reason = outcome_reason(outcome);
    snprintf(why, sizeof(why), "%s%s%s", outcome_status_word(outcome_status(outcome)),
             reason ? ": " : "", reason ? reason : "");
    lease_event(job->lease, "agent_ended", outcome_name(outcome), why);
}

static enum err run_one(struct job *job, const struct plan_part *part) {
    struct outcome *outcome;
    enum err err = outcome_new(part->name, part->role, &outcome);
    if (err != ERR_OK) {
        return err;
    }
    job->progress->outcomes[job->progress->done] = outcome;
    job->outcomes[job->count++] = outcome;
    struct answer answer = answer_for(job, part->agent);
    if (answer.status == OUTCOME_COMPLETED) {
        lease_event(job->lease, "agent_started", part->name, NULL);
        lease_hurry(job->lease);
        /* What is no longer ours is not begun. */
        err = job->lease->state != LEASE_HELD ? ERR_LOST : host_agent(job, part->agent, outcome);
    } else {
        outcome_end(outcome, answer.status, answer.reason, answer.text);
    }
    job->progress->done++;
    if (err == ERR_OK) {
        tell_ended(job, outcome);
    }
    return err;
}

/* --- all agents --------------------------------------------------------------------- */

static enum err run_agents(struct job *job) {
    enum err err = ERR_OK;
    plan_make(job->setup->roster, &job->request, &job->plan);
    for (size_t i = 0; i < job->plan.count; i++) {
        job->progress->names[job->progress->total++] = job->plan.parts[i].name;
    }
    for (size_t i = 0; err == ERR_OK && i < job->plan.count; i++) {
        err = hold_target(job, i);
        if (err == ERR_OK) {
            err = run_one(job, &job->plan.parts[i]);
        }
    }
    return err;
}

static enum err put_end(struct job *job, struct pipeline_end *end) {
    char iso[TIME_ISO_SIZE];
    const struct outcome *const *outcomes = (const struct outcome *const *)job->outcomes;
    struct session session = {.session_id = job->session_id,
                              .task_id = job->claim->id,
                              .completed_iso = iso,
                              .request = &job->request,
                              .outcomes = outcomes,
                              .count = job->count};
    time_iso_utc(time_wall_us(), iso);
    enum err err = put_results(job, job->count, &end->result);
    return err == ERR_OK ? memory_make(&end->memory, &session, job->setup->history_days) : err;
}

static void job_done(struct job *job) {
    *job->progress = (struct progress){0};
    lease_leave_target(job->lease);
    for (size_t i = 0; i < job->count; i++) {
        outcome_free(job->outcomes[i]);
    }
    if (job->has_target) {
        target_done(&job->target);
    }
    json_free(job->spec);
    json_free(job->head);
    buf_done(&job->results);
    buf_done(&job->history);
    free(job);
}

/* A task that could not be carried out at all: why, in a client's words. */
static void put_failure(const struct job *job, enum err err, struct buf *result) {
    enum err told = pipeline_may_retry(err) ? ERR_TEMPORARY : err;
    buf_reset(result);
    result_put_error(result, err_word(told),
                     job->fault.err == err ? job->fault.text : err_text(told), job->claim->attempt);
}

bool pipeline_may_retry(enum err err) {
    return err == ERR_IO || err == ERR_NOMEM || err == ERR_TEMPORARY;
}

void pipeline_end_init(struct pipeline_end *end) {
    end->state = TASK_FAILED;
    buf_init(&end->result, RECORD_RESULT_MAX_BYTES);
    memory_init(&end->memory);
}

void pipeline_end_done(struct pipeline_end *end) {
    buf_done(&end->result);
    memory_done(&end->memory);
}

static enum err run_job(struct job *job, struct pipeline_end *end) {
    enum err (*const steps[])(struct job *) = {read_task, judge_target, run_agents};
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        err = steps[i](job);
    }
    if (err == ERR_OK) {
        err = put_end(job, end);
    }
    end->state = err == ERR_OK ? TASK_COMPLETED : TASK_FAILED;
    if (err != ERR_OK && err != ERR_LOST && err != ERR_BUSY) {
        put_failure(job, err, &end->result);
        err = pipeline_may_retry(err) ? err : ERR_OK;
    }
    return err;
}

enum err pipeline_run(const struct setup *setup, const struct task_claim *claim,
                      struct lease *lease, struct progress *progress, struct pipeline_end *end) {
    struct job *job = calloc(1, sizeof(*job));
    buf_reset(&end->result);
    memory_clear(&end->memory);
    if (!job) {
        result_put_error(&end->result, err_word(ERR_TEMPORARY), err_text(ERR_NOMEM),
                         claim->attempt);
        return ERR_NOMEM;
    }
    buf_init(&job->results, RECORD_RESULT_MAX_BYTES);
    buf_init(&job->history, MEMORY_RECALLED_BYTES);
    job->setup = setup;
    job->claim = claim;
    job->lease = lease;
    job->progress = progress;
    enum err err = run_job(job, end);
    job_done(job);
    return err;
}

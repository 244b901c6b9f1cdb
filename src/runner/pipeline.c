/* The order of things within one task. Starts no process itself and knows no Redis. */
#include "runner/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "agnostic/task/result.h"
#include "runner/argv.h"
#include "runner/host.h"

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
    struct outcome *outcomes[PROGRESS_AGENTS_MAX];
    size_t count;
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

static enum err read_task(struct job *job) {
    enum err err = read_head(job);
    if (err == ERR_OK) {
        err = json_parse(text_of(job->claim->spec), &JSON_LIMITS_REQUEST, &job->spec, NULL);
    }
    if (err == ERR_OK) {
        err = request_read_spec(job->spec, &job->request);
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
    if (err == ERR_RESOLVE || err == ERR_TIMEOUT) {
        job->target_err = err;
        return ERR_OK;
    }
    return err;
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
                               "No agent of this role is installed."};
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

static enum err host_agent(struct job *job, const struct agent *agent, struct outcome *outcome) {
    struct host_account account;
    struct pulse pulse = lease_pulse(job->lease);
    struct order order = {.task_id = job->claim->id,
                          .session_id = job->session_id,
                          .attempt = job->claim->attempt,
                          .request = &job->request,
                          .target = job->has_target ? &job->target : NULL};
    lease_hurry(job->lease);
    enum err err = host_run(agent, &order, job->setup->run_dir, job->lease->deadline_ms, &pulse,
                            outcome, &account);
    if (err == ERR_OK) {
        log_agent(job, outcome, &account);
    }
    return err;
}

static enum err run_one(struct job *job, enum role role, const struct agent *agent) {
    struct outcome *outcome;
    const char *name = agent ? agent->manifest.name : role_name(role);
    enum err err = outcome_new(name, role, &outcome);
    if (err != ERR_OK) {
        return err;
    }
    job->outcomes[job->count++] = outcome;
    job->progress->outcomes[job->progress->done] = outcome;
    struct answer answer = answer_for(job, agent);
    if (answer.status == OUTCOME_COMPLETED) {
        err = host_agent(job, agent, outcome);
    } else {
        outcome_end(outcome, answer.status, answer.reason, answer.text);
    }
    job->progress->done++;
    return err;
}

/* --- all agents --------------------------------------------------------------------- */

/* The agents of a role: its own, in place of which a gap is told, and those attached to it. */
static enum err run_role(struct job *job, enum role role) {
    const struct roster *roster = job->setup->roster;
    size_t first = 0;
    while (first < roster->count && roster->agents[first]->manifest.role < role) {
        first++;
    }
    enum err err = ERR_OK;
    bool has_own = first < roster->count && roster->agents[first]->manifest.role == role &&
                   roster->agents[first]->manifest.takes_role;
    if (!has_own) {
        err = run_one(job, role, NULL);
    }
    for (size_t i = first; err == ERR_OK && i < roster->count; i++) {
        if (roster->agents[i]->manifest.role != role) {
            break;
        }
        err = run_one(job, role, roster->agents[i]);
    }
    return err;
}

static size_t count_agents(const struct roster *roster, role_set roles) {
    role_set own = 0;
    size_t count = 0;
    for (size_t i = 0; i < roster->count; i++) {
        const struct manifest *m = &roster->agents[i]->manifest;
        count += (roles & ROLE_BIT(m->role)) != 0;
        own |= m->takes_role ? ROLE_BIT(m->role) : 0;
    }
    return count + (size_t)__builtin_popcount(roles & ~own);
}

static enum err run_agents(struct job *job) {
    role_set roles = request_roles(&job->request);
    job->progress->total = count_agents(job->setup->roster, roles);
    for (int role = 0; role < ROLE__COUNT; role++) {
        enum err err = roles & ROLE_BIT(role) ? run_role(job, (enum role)role) : ERR_OK;
        if (err != ERR_OK) {
            return err;
        }
    }
    return ERR_OK;
}

static enum err put_result(struct job *job, struct buf *result) {
    char iso[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), iso);
    return result_put(result, job->session_id, iso, &job->request,
                      (const struct outcome *const *)job->outcomes, job->count);
}

static void job_done(struct job *job) {
    *job->progress = (struct progress){0};
    for (size_t i = 0; i < job->count; i++) {
        outcome_free(job->outcomes[i]);
    }
    if (job->has_target) {
        target_done(&job->target);
    }
    json_free(job->spec);
    json_free(job->head);
}

/* A task that could not be carried out at all: why, in a client's words. */
static void put_failure(const struct job *job, enum err err, struct buf *result) {
    buf_reset(result);
    result_put_error(result, err_word(err), job->fault.err == err ? job->fault.text : err_text(err),
                     job->claim->attempt);
}

enum err pipeline_run(const struct setup *setup, const struct task_claim *claim,
                      struct lease *lease, struct progress *progress, struct buf *result,
                      enum task_state *ret_state) {
    struct job job = {.setup = setup, .claim = claim, .lease = lease, .progress = progress};
    enum err (*const steps[])(struct job *) = {read_task, judge_target, run_agents};
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        err = steps[i](&job);
    }
    if (err == ERR_OK) {
        err = put_result(&job, result);
    }
    *ret_state = err == ERR_OK ? TASK_COMPLETED : TASK_FAILED;
    if (err != ERR_OK && err != ERR_LOST) {
        put_failure(&job, err, result);
        err = ERR_OK;
    }
    job_done(&job);
    return err;
}

/* The order of things within one task. Starts no process itself and knows no Redis. */
#include "runner/pipeline.h"

#include <stdlib.h>

#include "agnostic/base/time.h"
#include "agnostic/task/result.h"
#include "runner/job.h"

enum { MS_PER_S = 1000 };

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
    const struct criteria_limits *limits = &job->criteria.limits;
    enum err err = criteria_read(&job->request, &job->criteria);
    int64_t left_ms = job->lease->deadline_ms - time_mono_ms();
    job->end_ms = INT64_MAX;
    job->deadline_ms = job->lease->deadline_ms;
    if (err == ERR_OK && limits->max_seconds * MS_PER_S < (double)left_ms) {
        job->end_ms = time_mono_ms() + (int64_t)(limits->max_seconds * MS_PER_S);
        job->deadline_ms = job->end_ms;
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
        err = target_within(&job->target, &job->criteria.limits, &job->fault);
    }
    if (err == ERR_OK) {
        err = target_name(&job->target, job->target_name);
    }
    if (err == ERR_RESOLVE || err == ERR_TIMEOUT) {
        job->target_err = err;
        return ERR_OK;
    }
    return err;
}

/* --- the end ----------------------------------------------------------------------- */

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
    enum err err = job_put_results(job, job->count, &end->result);
    return err == ERR_OK ? memory_make(&end->memory, &session, job->setup->history_days) : err;
}

/* Everything is judged by now, and stays so whatever comes of this. Others may have the target. */
static void ask_model(struct job *job, struct pipeline_end *end) {
    const struct advice_facts facts = {.model = advisor_model(job->setup->advisor),
                                       .session_id = job->session_id,
                                       .criteria = &job->criteria,
                                       .outcomes = (const struct outcome *const *)job->outcomes,
                                       .count = job->count,
                                       .checks = advisor_checks(job->setup->advisor)};
    struct advice advice;
    lease_leave_target(job->lease);
    advisor_ask(job->setup->advisor, &facts, job->deadline_ms, job->lease, &advice);
    result_add_advice(&end->result, &advice, &facts);
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
    enum err (*const steps[])(struct job *) = {read_task, judge_target, stages_run};
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        err = steps[i](job);
    }
    if (err == ERR_OK) {
        err = put_end(job, end);
    }
    if (err == ERR_OK && job->setup->advisor) {
        ask_model(job, end);
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

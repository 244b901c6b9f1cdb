/* Prepares an agent's run (folder, arguments, environment, task line), lets run.c watch it,
 * and says in the outcome how it ended. */
#include "runner/host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "runner/argv.h"
#include "runner/confine.h"
#include "runner/environment.h"
#include "runner/program.h"
#include "runner/run.h"
#include "runner/workdir.h"

/* All that must be released again. */
struct kit {
    char workdir[PATH_MAX];
    char own_folder[PATH_MAX];
    char *argv[MANIFEST_ARGS_MAX + 1];
    struct buf args, line;
    struct environment environment;
};

static void kit_done(struct kit *kit) {
    if (kit->workdir[0]) {
        workdir_remove(kit->workdir);
    }
    buf_done(&kit->args);
    buf_done(&kit->line);
    environment_done(&kit->environment);
}

static enum err fill_argv(const struct agent *agent, const struct order *order, struct kit *kit,
                          struct fault *fault) {
    const struct manifest *m = &agent->manifest;
    char port[8] = "";
    struct buf number;
    buf_init(&number, sizeof(port));
    buf_printf(&number, "%u", order->target ? order->target->url.port : 0U);
    text_copy(buf_text(&number), port, sizeof(port));
    buf_done(&number);
    struct argv_values values = {.target_url = order->target ? order->target->full : NULL,
                                 .target_host = order->target ? order->target->url.host : NULL,
                                 .target_port = order->target ? port : NULL,
                                 .workdir = kit->workdir};
    size_t offsets[MANIFEST_ARGS_MAX];
    for (size_t i = 0; i < m->command_count; i++) {
        offsets[i] = kit->args.len;
        enum err err = argv_put(m->command[i], &values, &kit->args, fault);
        if (err != ERR_OK) {
            return err;
        }
    }
    for (size_t i = 0; i < m->command_count; i++) {
        kit->argv[i] = kit->args.data + offsets[i];
    }
    kit->argv[m->command_count] = NULL;
    return ERR_OK;
}

static enum err kit_fill(const struct agent *agent, const struct order *order, const char *run_dir,
                         int64_t limit_ms, struct kit *kit, struct fault *fault) {
    buf_init(&kit->args, ARGV_BYTES_MAX);
    buf_init(&kit->line, ORDER_MAX_BYTES);
    enum err err = workdir_make(run_dir, kit->workdir, fault);
    if (err == ERR_OK) {
        err = fill_argv(agent, order, kit, fault);
    }
    if (err == ERR_OK && agent->manifest.wants_history && order->history) {
        err = workdir_put(kit->workdir, ORDER_HISTORY, buf_text(order->history), fault);
    }
    if (err == ERR_OK && agent->manifest.wants_results && order->results) {
        err = workdir_put(kit->workdir, ORDER_RESULTS, buf_text(order->results), fault);
    }
    if (err == ERR_OK) {
        err = environment_make(&agent->manifest, kit->workdir, &kit->environment);
    }
    if (err == ERR_OK) {
        order_put(order, &agent->manifest, kit->workdir, time_wall_us() + limit_ms * 1000,
                  &kit->line);
        err = kit->line.failed ? ERR_NOMEM : program_own_folder(kit->own_folder);
    }
    if (err != ERR_OK && fault->err != err) {
        fault_set(fault, err, "%s", err_text(err));
    }
    return err;
}

/* The address sanitizer reserves terabytes: our agents, when built with it, start under no limit.
 */
#if defined(__SANITIZE_ADDRESS__)
#define HOST_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOST_SANITIZED true
#endif
#endif
#ifndef HOST_SANITIZED
#define HOST_SANITIZED false
#endif

static struct spawn_plan plan_of(const struct agent *agent, const struct kit *kit, bool beside) {
    return (struct spawn_plan){
        .program = agent->program,
        .argv = kit->argv,
        .envp = kit->environment.vars,
        .workdir = kit->workdir,
        .limits = &agent->manifest.limits,
        .any_memory = HOST_SANITIZED && agent->builtin,
        .offline = agent->manifest.network == MANIFEST_NETWORK_NONE,
        .beside = beside,
        .nests = agent->manifest.browser && geteuid() != 0, /* root could write too much of /proc */
        .confine = (agent->builtin || agent->manifest.strict) && confine_can_files(),
        .readable = {agent->program, agent->folder, getenv("SSL_CERT_FILE"), getenv("SSL_CERT_DIR"),
                     NULL},
    };
}

/* An agent that could not even be started says so in its outcome, like any other end. */
static void not_started(const struct agent *agent, enum err err, const struct fault *fault,
                        struct outcome *outcome) {
    bool refused = err == ERR_REFUSED;
    enum outcome_status status = refused                    ? OUTCOME_REFUSED
                                 : err == ERR_NOT_AVAILABLE ? OUTCOME_NOT_AVAILABLE
                                                            : OUTCOME_FAILED;
    const char *reason = refused ? "unsafe_argument" : "agent_not_started";
    struct buf text;
    buf_init(&text, sizeof(fault->text) + 128);
    buf_printf(&text, "Agent %s was not started: %s.", agent->manifest.name, fault->text);
    outcome_end(outcome, status, reason, buf_str(&text));
    buf_done(&text);
}

/* What concerns only this agent; all else concerns the whole attempt. */
static bool is_its_own(enum err err) {
    return err == ERR_REFUSED || err == ERR_NOT_AVAILABLE || err == ERR_TOO_LARGE;
}

/* One agent that runs. */
struct hosted {
    const struct agent *agent;
    const struct host_place *place;
    struct outcome *outcome;
    struct run *run; /* NULL: it was not started */
    struct kit kit;
    struct host_account account;
    struct journal_voice voice;
    int64_t begun_ms;
};

static enum err start(struct hosted *hosted, const struct order *order, struct fault *fault) {
    const struct agent *agent = hosted->agent;
    struct kit *kit = &hosted->kit;
    int64_t own = hosted->begun_ms + agent->manifest.timeout_s * 1000;
    int64_t deadline = own < hosted->place->deadline_ms ? own : hosted->place->deadline_ms;
    enum err err =
        kit_fill(agent, order, hosted->place->run_dir, deadline - hosted->begun_ms, kit, fault);
    if (err == ERR_OK) {
        struct spawn_plan plan = plan_of(agent, kit, hosted->place->beside);
        const struct run_ends ends = {hosted->outcome, &hosted->account, &hosted->voice};
        err = run_start(agent, &plan, buf_text(&kit->line), deadline, &ends, &hosted->run, fault);
    }
    return err;
}

static void hosted_free(struct hosted *hosted) {
    journal_end(&hosted->voice);
    kit_done(&hosted->kit);
    free(hosted);
}

/* What concerns the whole attempt goes on; what is the agent's own stands in its outcome. */
static enum err settle(const struct hosted *hosted, enum err err, const struct fault *fault,
                       struct fault *ret_fault) {
    if (is_its_own(err)) {
        not_started(hosted->agent, err, fault, hosted->outcome);
        return ERR_OK;
    }
    if (err != ERR_OK && err != ERR_LOST) {
        fault_set(ret_fault, err, "Agent %s: %.400s", hosted->agent->manifest.name, fault->text);
    }
    return err;
}

enum err host_start(const struct agent *agent, const struct order *order,
                    const struct host_place *place, struct outcome *outcome,
                    struct hosted **ret_hosted, struct fault *ret_fault) {
    struct hosted *hosted = calloc(1, sizeof(*hosted));
    struct fault fault = {.err = ERR_OK};
    if (!hosted) {
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    hosted->agent = agent;
    hosted->place = place;
    hosted->outcome = outcome;
    hosted->begun_ms = time_mono_ms();
    journal_begin(place->journal, agent->manifest.name, &hosted->voice);
    enum err err = settle(hosted, start(hosted, order, &fault), &fault, ret_fault);
    if (err == ERR_OK) {
        *ret_hosted = hosted;
    } else {
        hosted_free(hosted);
    }
    return err;
}

size_t host_watch(struct hosted *const *hosted, size_t count, const struct pulse *pulse) {
    struct run *runs[HOST_AGENTS_MAX];
    for (size_t i = 0; i < count; i++) {
        runs[i] = hosted[i]->run;
        if (!runs[i]) {
            return i;
        }
    }
    return run_watch(runs, count, pulse);
}

enum err host_end(struct hosted *hosted, struct host_account *ret_account,
                  struct fault *ret_fault) {
    struct fault fault = {.err = ERR_OK};
    enum err err = hosted->run ? run_end(hosted->run, &fault) : ERR_OK;
    if (err == ERR_OK && hosted->run && hosted->place->gather) {
        hosted->place->gather(hosted->place->ctx, hosted->kit.workdir, hosted->outcome,
                              &hosted->voice);
    }
    err = settle(hosted, err, &fault, ret_fault);
    *ret_account = hosted->account;
    ret_account->ms = time_mono_ms() - hosted->begun_ms;
    hosted_free(hosted);
    return err;
}

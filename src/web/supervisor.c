/* supervisor: forks, reaps, restarts, reloads and drains workers. Must not know what they
 * serve. Runs without signal handlers: all its signals are blocked and waited for. */
#include "web/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "web/worker.h"

enum {
    SUPERVISOR_LIVED_MS = 5000, /* a worker that lived so long did not fail to start */
    SUPERVISOR_BACKOFF_MS = 50, /* doubled for every worker in a row that did not */
    SUPERVISOR_BACKOFF_MAX_MS = 5000,
    SUPERVISOR_RETIRED_MAX = 4 * SUPERVISOR_WORKERS_MAX
};

struct slot {
    pid_t pid; /* 0: none, to be started at due_ms */
    int64_t started_ms, due_ms;
    unsigned failures; /* in a row */
};

/* A worker of an earlier generation, or of a pool that is stopping. */
struct retired {
    pid_t pid;
    int64_t kill_ms;
};

struct supervisor {
    struct settings *settings;
    struct board *board;
    pid_t pid;
    sigset_t signals;
    bool stopping;
    int slots_count;
    struct slot slots[SUPERVISOR_WORKERS_MAX];
    int retired_count;
    struct retired retired[SUPERVISOR_RETIRED_MAX];
};

/* In the child: must not outlive the supervisor, however that one ends. */
static _Noreturn void supervisor_child(const struct supervisor *super) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != super->pid)
        _exit(0);
    _exit(worker_run(super->settings, super->board, super->pid));
}

static int64_t supervisor_backoff(unsigned failures) {
    int64_t ms = SUPERVISOR_BACKOFF_MS;
    while (--failures > 0 && ms < SUPERVISOR_BACKOFF_MAX_MS)
        ms *= 2;
    return ms < SUPERVISOR_BACKOFF_MAX_MS ? ms : SUPERVISOR_BACKOFF_MAX_MS;
}

static void supervisor_failed(struct slot *slot, int64_t now) {
    slot->failures++;
    slot->due_ms = now + supervisor_backoff(slot->failures);
}

static void supervisor_start(struct supervisor *super, struct slot *slot, int64_t now) {
    pid_t pid = fork();
    if (pid == 0)
        supervisor_child(super);
    if (pid < 0) {
        log_error("fork_failed", LOG_INT("errno", errno));
        supervisor_failed(slot, now);
        return;
    }
    slot->pid = pid;
    slot->started_ms = now;
}

static void supervisor_start_due(struct supervisor *super) {
    int64_t now = time_mono_ms();
    for (int i = 0; i < super->slots_count && !super->stopping; i++)
        if (super->slots[i].pid == 0 && super->slots[i].due_ms <= now)
            supervisor_start(super, &super->slots[i], now);
}

static void supervisor_log_end(pid_t pid, int status) {
    if (WIFSIGNALED(status))
        log_warn("worker_died", LOG_INT("worker", pid), LOG_INT("signal", WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        log_warn("worker_failed", LOG_INT("worker", pid), LOG_INT("status", WEXITSTATUS(status)));
    else
        log_info("worker_ended", LOG_INT("worker", pid));
}

/* A worker that ended well (recycled) or had lived a while is replaced at once. */
static void supervisor_ended(struct supervisor *super, pid_t pid, int status) {
    int64_t now = time_mono_ms();
    supervisor_log_end(pid, status);
    for (int i = 0; i < super->slots_count; i++) {
        struct slot *slot = &super->slots[i];
        if (slot->pid != pid)
            continue;
        slot->pid = 0;
        if (status == 0 || now - slot->started_ms >= SUPERVISOR_LIVED_MS)
            slot->failures = 0, slot->due_ms = now;
        else
            supervisor_failed(slot, now);
        return;
    }
    for (int i = 0; i < super->retired_count; i++)
        if (super->retired[i].pid == pid)
            super->retired[i] = super->retired[--super->retired_count];
}

static void supervisor_reap(struct supervisor *super) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        supervisor_ended(super, pid, status);
}

/* Asks every current worker to end; the slots are empty afterwards. */
static void supervisor_retire(struct supervisor *super) {
    int64_t kill_ms = time_mono_ms() + settings_int(super->settings, SETTINGS_DRAIN_MS);
    for (int i = 0; i < super->slots_count; i++) {
        struct slot *slot = &super->slots[i];
        if (slot->pid == 0)
            continue;
        /* Reloaded too fast for the old ones to end: no room to wait for this one. */
        bool room = super->retired_count < SUPERVISOR_RETIRED_MAX;
        kill(slot->pid, room ? SIGTERM : SIGKILL);
        if (room)
            super->retired[super->retired_count++] = (struct retired){slot->pid, kill_ms};
        *slot = (struct slot){0};
    }
}

static void supervisor_kill_due(struct supervisor *super) {
    int64_t now = time_mono_ms();
    for (int i = 0; i < super->retired_count; i++) {
        struct retired *retired = &super->retired[i];
        if (retired->kill_ms > now)
            continue;
        log_warn("worker_killed", LOG_INT("worker", retired->pid));
        kill(retired->pid, SIGKILL);
        retired->kill_ms = INT64_MAX;
    }
}

static void supervisor_reload(struct supervisor *super) {
    struct settings *settings = NULL;
    struct fault fault = {0};
    enum err err = settings_load(&settings, &fault);
    if (err == ERR_OK)
        err = worker_check(settings, &fault);
    if (err != ERR_OK) {
        log_error("reload_refused", LOG_STR("why", fault.text));
        settings_free(settings);
        return;
    }
    supervisor_retire(super);
    settings_free(super->settings);
    super->settings = settings;
    log_open_named("agnostic-api", settings_text(settings, SETTINGS_LOG),
                   settings_text(settings, SETTINGS_LOG_LEVEL));
    log_info("reloaded", LOG_INT("workers", super->slots_count));
}

static int64_t supervisor_next_ms(const struct supervisor *super) {
    int64_t next = time_mono_ms() + 60000;
    for (int i = 0; i < super->slots_count && !super->stopping; i++)
        if (super->slots[i].pid == 0 && super->slots[i].due_ms < next)
            next = super->slots[i].due_ms;
    for (int i = 0; i < super->retired_count; i++)
        if (super->retired[i].kill_ms < next)
            next = super->retired[i].kill_ms;
    return next;
}

static void supervisor_wait(struct supervisor *super) {
    int64_t ms = supervisor_next_ms(super) - time_mono_ms();
    if (ms < 0)
        ms = 0;
    struct timespec limit = {ms / 1000, ms % 1000 * 1000000};
    switch (sigtimedwait(&super->signals, NULL, &limit)) {
    case SIGHUP:
        if (!super->stopping)
            supervisor_reload(super);
        break;
    case SIGTERM:
    case SIGINT:
        if (!super->stopping) {
            log_info("stopping", LOG_INT("workers", super->slots_count));
            super->stopping = true;
            supervisor_retire(super);
        }
        break;
    default: /* SIGCHLD, or time */
        break;
    }
}

static void supervisor_signals(struct supervisor *super) {
    struct sigaction reap = {.sa_handler = SIG_DFL}; /* whoever started us may have ignored it */
    sigaction(SIGCHLD, &reap, NULL);
    sigemptyset(&super->signals);
    sigaddset(&super->signals, SIGHUP);
    sigaddset(&super->signals, SIGTERM);
    sigaddset(&super->signals, SIGINT);
    sigaddset(&super->signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &super->signals, NULL);
}

int supervisor_run(struct settings *settings, struct board *board, int workers) {
    static struct supervisor super; /* one per process, and large */
    super.settings = settings;
    super.board = board;
    super.pid = getpid();
    super.slots_count = workers;
    supervisor_signals(&super);
    log_info("started", LOG_INT("workers", workers));
    while (!super.stopping || super.retired_count > 0) {
        supervisor_start_due(&super);
        supervisor_wait(&super);
        supervisor_reap(&super);
        supervisor_kill_due(&super);
    }
    log_info("stopped", LOG_INT("workers", workers));
    settings_free(super.settings);
    return 0;
}

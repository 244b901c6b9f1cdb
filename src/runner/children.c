/* Forks and restarts. A child that dies young is started again later and later. */
#include "runner/children.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "runner/cgroup.h"
#include "runner/keeper.h"
#include "runner/slot.h"
#include "runner/tree.h"
#include "runner/workdir.h"

enum { BACKOFF_FIRST_MS = 100, BACKOFF_MOST_MS = 5000, YOUNG_MS = 5000 };

void children_init(struct children *children, const struct runner_order *order,
                   const struct setup *setup, struct crew *crew, int signals_fd) {
    *children =
        (struct children){.order = order, .setup = setup, .crew = crew, .signals_fd = signals_fd};
    children->count = (size_t)order->slots + 1;
    for (size_t i = 0; i < children->count; i++) {
        children->all[i].number = i + 1 < children->count ? (int)i + 1 : 0;
        children->all[i].backoff_ms = BACKOFF_FIRST_MS;
    }
}

static _Noreturn void be(const struct children *children, int number, pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) {
        _exit(err_exit(ERR_INTERNAL));
    }
    bool drain = children->order->drain;
    int status =
        number > 0 ? slot_main(children->setup, children->crew, number, drain, children->signals_fd)
                   : keeper_main(children->setup, children->crew, drain, children->signals_fd);
    _exit(status);
}

static void start(struct children *children, struct child *child) {
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        be(children, child->number, parent);
    }
    child->begun_ms = time_mono_ms();
    if (pid < 0) {
        log_error("fork_failed", LOG_INT("slot", child->number));
        child->due_ms = child->begun_ms + BACKOFF_MOST_MS;
        return;
    }
    child->pid = pid;
}

int64_t children_start_due(struct children *children) {
    int64_t now = time_mono_ms(), next = INT64_MAX;
    for (size_t i = 0; i < children->count && !children->stopping; i++) {
        struct child *child = &children->all[i];
        if (child->pid == 0 && !child->done && child->due_ms <= now) {
            start(children, child);
        }
        if (child->pid == 0 && !child->done && child->due_ms < next) {
            next = child->due_ms;
        }
    }
    return next;
}

/* --- the end of a child ------------------------------------------------------------- */

static void schedule(struct child *child) {
    int64_t now = time_mono_ms();
    if (now - child->begun_ms >= YOUNG_MS) {
        child->backoff_ms = BACKOFF_FIRST_MS;
    }
    child->due_ms = now + child->backoff_ms;
    child->backoff_ms =
        child->backoff_ms * 2 < BACKOFF_MOST_MS ? child->backoff_ms * 2 : BACKOFF_MOST_MS;
}

/* Whether a child that ended is to come back, and when. */
static void ended(struct children *children, struct child *child, int status) {
    bool in_order = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool drained = children->order->drain && child->number > 0 && WIFEXITED(status);
    child->pid = 0;
    crew_set_busy(children->crew, child->number, false);
    if (!in_order && !drained) {
        log_error("child_died", LOG_INT("slot", child->number),
                  LOG_INT("exit_status", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
                  LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    }
    if (drained) {
        child->done = true;
        children->failed = in_order ? children->failed : WEXITSTATUS(status);
    } else if (in_order) {
        child->due_ms = time_mono_ms(); /* it was told to leave: for a reload */
    } else {
        schedule(child);
    }
}

static struct child *find(struct children *children, pid_t pid) {
    for (size_t i = 0; i < children->count; i++) {
        if (children->all[i].pid == pid) {
            return &children->all[i];
        }
    }
    return NULL;
}

/* What a killed slot left: agents that were in no namespace are our children now. */
static void sweep(const struct children *children) {
    pid_t keep[RUNNER_SLOTS_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < children->count; i++) {
        if (children->all[i].pid > 0) {
            keep[count++] = children->all[i].pid;
        }
    }
    tree_end(keep, count);
    workdir_sweep(children->setup->run_dir);
    cgroup_sweep();
}

void children_reap(struct children *children) {
    int status;
    pid_t pid;
    bool died = false;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        struct child *child = find(children, pid);
        if (child) {
            ended(children, child, status);
            died = died || status != 0;
        }
    }
    if (died) {
        sweep(children);
    }
}

/* --- telling them ------------------------------------------------------------------- */

void children_signal(const struct children *children, int number, int signal) {
    for (size_t i = 0; i < children->count; i++) {
        const struct child *child = &children->all[i];
        if (child->pid > 0 && (number < 0 || child->number == number)) {
            kill(child->pid, signal);
        }
    }
}

size_t children_running(const struct children *children) {
    size_t running = 0;
    for (size_t i = 0; i < children->count; i++) {
        running += children->all[i].pid > 0;
    }
    return running;
}

size_t children_slots_left(const struct children *children) {
    size_t left = 0;
    for (size_t i = 0; i < children->count; i++) {
        left += children->all[i].number > 0 && !children->all[i].done;
    }
    return left;
}

/* The parent's loop: signals, restarts, the way out. */
#include "runner/runner.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "runner/cgroup.h"
#include "runner/children.h"
#include "runner/signals.h"
#include "runner/workdir.h"

enum { RUNNER_LEAVE_MS = 10000 /* beyond the drain, before children are killed */ };

struct runner {
    struct children children;
    struct crew *crew;
    struct setup *setup;
    int signals_fd;
    int64_t stop_ms; /* when to stop by itself; INT64_MAX: never */
    int64_t kill_ms; /* when the children must be gone; INT64_MAX: not stopping */
    int stops;       /* how often it was told */
};

/* --- stopping ----------------------------------------------------------------------- */

/* First: drain. Again: hand back at once. */
static void stop(struct runner *runner) {
    runner->stops++;
    runner->children.stopping = true;
    runner->stop_ms = INT64_MAX;
    children_signal(&runner->children, -1, runner->stops > 1 ? SIGUSR2 : SIGTERM);
    runner->kill_ms =
        time_mono_ms() + RUNNER_LEAVE_MS + (runner->stops > 1 ? 0 : runner->setup->drain_ms);
    log_info("stopping", LOG_INT("asked", runner->stops));
}

static void kill_the_late(struct runner *runner) {
    if (time_mono_ms() >= runner->kill_ms) {
        log_error("children_killed", LOG_INT("left", (int64_t)children_running(&runner->children)));
        children_signal(&runner->children, -1, SIGKILL);
        runner->kill_ms = INT64_MAX;
    }
}

/* --- reloading ---------------------------------------------------------------------- */

/* New children get the new settings; those that run leave when their task is done. */
static void reload(struct runner *runner) {
    struct setup *setup;
    struct fault fault = {0};
    if (setup_load(&setup, &fault) != ERR_OK) {
        log_error("reload_refused", LOG_STR("why", fault.text));
        return;
    }
    setup_free(runner->setup);
    runner->setup = setup;
    runner->children.setup = setup;
    setup_open_log(setup);
    log_info("reloaded", LOG_INT("agents", (int64_t)setup->roster->count));
    setup_tell(setup);
    children_signal(&runner->children, -1, SIGUSR1);
}

/* --- the loop ----------------------------------------------------------------------- */

static void obey_signals(struct runner *runner) {
    unsigned bits = signals_take(runner->signals_fd);
    if (bits & SIGNALS_CHILD) {
        children_reap(&runner->children);
    }
    if ((bits & SIGNALS_RELOAD) && runner->stops == 0 && !runner->children.order->drain) {
        reload(runner);
    }
    if ((bits & SIGNALS_STOP) || time_mono_ms() >= runner->stop_ms) {
        stop(runner);
    }
}

/* When draining, the keeper leaves after the last slot. */
static void end_drain(struct runner *runner) {
    if (runner->children.order->drain && runner->stops == 0 &&
        children_slots_left(&runner->children) == 0) {
        stop(runner);
    }
}

static void wait_for_news(const struct runner *runner, int64_t due_ms) {
    struct pollfd fd = {.fd = runner->signals_fd, .events = POLLIN};
    int64_t until = due_ms < runner->kill_ms ? due_ms : runner->kill_ms;
    until = until < runner->stop_ms ? until : runner->stop_ms;
    int64_t wait = until - time_mono_ms();
    poll(&fd, 1, wait < 0 ? 0 : wait > 3600000 ? 3600000 : (int)wait);
}

static void loop(struct runner *runner) {
    for (;;) {
        int64_t due = children_start_due(&runner->children);
        end_drain(runner);
        if (runner->stops > 0 && children_running(&runner->children) == 0) {
            return;
        }
        wait_for_news(runner, due);
        obey_signals(runner);
        kill_the_late(runner);
    }
}

int runner_run(const struct runner_order *order, struct setup *setup) {
    struct runner *runner = calloc(1, sizeof(*runner));
    int status = err_exit(ERR_INTERNAL);
    cgroup_settle();
    cgroup_sweep();
    int64_t until = order->max_time_s > 0 ? time_mono_ms() + order->max_time_s * 1000 : 0;
    if (runner && signals_open(&runner->signals_fd) == ERR_OK &&
        crew_new(order->slots, until, &runner->crew) == ERR_OK) {
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        runner->setup = setup;
        runner->stop_ms = until > 0 ? until : INT64_MAX;
        runner->kill_ms = INT64_MAX;
        children_init(&runner->children, order, setup, runner->crew, runner->signals_fd);
        workdir_sweep(setup->run_dir);
        log_info("started", LOG_STR("runner", crew_name(runner->crew)),
                 LOG_INT("slots", order->slots), LOG_INT("agents", (int64_t)setup->roster->count));
        loop(runner);
        setup = runner->setup;
        status = runner->children.failed;
        log_info("stopped", LOG_INT("exit_status", status));
        crew_free(runner->crew);
    }
    setup_free(setup);
    free(runner);
    return status;
}

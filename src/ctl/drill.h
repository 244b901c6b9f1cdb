/* drill: the parts of `agnosticctl drill`: tasks ordered and followed, slots killed, a report. */
#ifndef CTL_DRILL_H
#define CTL_DRILL_H

#include "agnostic/base/id.h"
#include "agnostic/base/options.h"
#include "agnostic/store/store.h"
#include "agnostic/task/state.h"
#include "ctl/client.h"

enum { DRILL_TASKS_MAX = 10000, DRILL_FAULTS_MAX = 1000, DRILL_RECOVERIES_MAX = 4 };

/* --- tasks -------------------------------------------------------------------------- */

/* What became of a task that was accepted. */
struct drill_task {
    char id[ID_UUID_SIZE];
    bool ended, lost; /* lost: the service knows it no longer */
    enum task_state state;
    int64_t attempts; /* begun */
    /* by its history */
    int64_t endings;
    int64_t recovery_ms[DRILL_RECOVERIES_MAX]; /* from the loss of a slot to the next start */
    size_t recoveries;
};
struct drill_tasks {
    struct client *client; /* borrowed */
    struct drill_task *all;
    size_t count, ended, lost;
};

/* drill_tasks_init(tasks, client, max): room for max tasks. ERR_NOMEM. */
enum err drill_tasks_init(struct drill_tasks *tasks, struct client *client, size_t max);
void drill_tasks_done(struct drill_tasks *tasks);
/* drill_tasks_order(tasks, options): orders one more. CTL_OK, else an exit status, why is said. */
int drill_tasks_order(struct drill_tasks *tasks, const struct options *options);
/* drill_tasks_look(tasks): asks once for every task that has not ended. A service that is away
 * is no error: it is asked again. */
void drill_tasks_look(struct drill_tasks *tasks);
/* drill_tasks_cancel(tasks): takes back what was ordered. */
void drill_tasks_cancel(struct drill_tasks *tasks);

/* --- faults ------------------------------------------------------------------------- */

struct drill_kill {
    pid_t pid;
    int64_t ms; /* by this host's clock, since 1970 */
};
struct drill_faults {
    struct drill_kill kills[DRILL_FAULTS_MAX];
    size_t count;
};
/* drill_faults_runners(store): runners known to this Redis that run on this host as this user;
 * -1: Redis is not reached. */
int drill_faults_runners(struct store *store);
/* drill_faults_strike(faults, store): kills one of their slots or keepers; the runners' parents
 * start new ones. false: there was none. */
bool drill_faults_strike(struct drill_faults *faults, struct store *store);

/* --- histories ----------------------------------------------------------------------- */

/* drill_history_read(client, faults, task): fills in what the task's history tells. A slot is lost
 * at the moment this drill killed it, or, when another did, no sooner than the start of that
 * attempt, which then counts. The clocks of this host and of Redis are taken to agree. ERR_PEER: it
 * is not told. */
enum err drill_history_read(struct client *client, const struct drill_faults *faults,
                            struct drill_task *task);

/* --- the report ---------------------------------------------------------------------- */

struct drill_report {
    int64_t accepted, lost, doubled, completed, failed, cancelled, unfinished, repeated, kills;
    int64_t recovered, recovery_p50_ms, recovery_max_ms; /* losses of slots made good */
};
/* drill_report_make(tasks, faults, &report). */
void drill_report_make(const struct drill_tasks *tasks, const struct drill_faults *faults,
                       struct drill_report *ret_report);
/* drill_report_print(report, as_json): on standard output. The exit status. */
int drill_report_print(const struct drill_report *report, bool as_json);

#endif

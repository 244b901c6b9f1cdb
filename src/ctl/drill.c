/* drill: the order of a drill: look whether it may be held here, order, kill, follow, report. */
#include "ctl/drill.h"

#include <inttypes.h>
#include <stdio.h>

#include "agnostic/base/time.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_view.h"
#include "ctl/command.h"
#include "ctl/terminal.h"

enum {
    TASKS_DEFAULT = 100,
    TIMEOUT_DEFAULT_S = 600,
    TIMEOUT_MAX_S = 86400,
    ROUND_MS = 250,
    STRIKE_MS = 1000 /* between two kills */
};

struct drill {
    const struct options *options;
    struct store *store;
    struct drill_tasks tasks;
    struct drill_faults faults;
    int64_t tasks_max, faults_max, timeout_s;
};

static int refuse(int status, const char *why) {
    fprintf(stderr, "agnosticctl: %s\n", why);
    return status;
}

/* --- may it be held here? ------------------------------------------------------------ */

static int check_queue(const struct drill *drill) {
    struct queue_depth depth;
    int64_t live = 0;
    if (queue_store_depth(drill->store, &depth) != ERR_OK) {
        fprintf(stderr, "agnosticctl: AGNOSTIC_REDIS_URL: %s\n", store_why(drill->store));
        return CTL_UNREACHABLE;
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++)
        live += depth.ready[i];
    live += depth.delayed + depth.leased;
    if (live == 0 || options_flag(drill->options, "yes"))
        return CTL_OK;
    fprintf(stderr,
            "agnosticctl: %" PRId64 " tasks wait or run there already, and a drill may take their "
            "slots along; --yes if that is meant\n",
            live);
    return CTL_REFUSED;
}

static int check_runners(const struct drill *drill) {
    int runners = drill->faults_max > 0 ? drill_faults_runners(drill->store) : 1;
    if (runners > 0)
        return CTL_OK;
    return refuse(CTL_REFUSED, "--faults: no runner of this Redis runs on this host as this user");
}

/* The service and Redis must be of one stack, or the kills would prove nothing and the tasks would
 * stand who knows where. */
static int check_stack(struct drill *drill) {
    const struct access_query nobody = {.kind = ACCESS_NOTHING};
    struct access_answer answer = {0};
    struct task_view view = {0};
    enum err err = task_view_read(drill->store, &nobody, drill->tasks.all[0].id, TASK_VIEW_RECORD,
                                  &answer, &view);
    bool found = err == ERR_OK && view.found;
    access_answer_done(&answer);
    task_view_done(&view);
    if (found)
        return CTL_OK;
    return refuse(CTL_REFUSED,
                  "AGNOSTIC_URL and AGNOSTIC_REDIS_URL are not of one stack: the first task of the "
                  "drill is not in that Redis, and was cancelled");
}

/* --- the drill itself ---------------------------------------------------------------- */

/* A drill that cannot be held leaves nothing behind. */
static int order_all(struct drill *drill) {
    int status = CTL_OK;
    while (status == CTL_OK && (int64_t)drill->tasks.count < drill->tasks_max) {
        status = drill_tasks_order(&drill->tasks, drill->options);
        if (status == CTL_OK && drill->tasks.count == 1)
            status = check_stack(drill);
    }
    if (status != CTL_OK)
        drill_tasks_cancel(&drill->tasks);
    return status;
}

static bool is_over(const struct drill *drill) {
    return drill->tasks.ended + drill->tasks.lost == drill->tasks.count;
}

static void follow(struct drill *drill) {
    struct terminal_progress progress;
    char text[96];
    int64_t start = time_mono_ms(), strike_ms = start;
    terminal_progress_init(&progress);
    for (drill_tasks_look(&drill->tasks);
         !is_over(drill) && time_mono_ms() - start < drill->timeout_s * 1000;
         drill_tasks_look(&drill->tasks)) {
        snprintf(text, sizeof(text), "%zu of %zu tasks ended, %zu processes killed",
                 drill->tasks.ended, drill->tasks.count, drill->faults.count);
        terminal_progress_say(&progress, text, (time_mono_ms() - start) / 1000);
        if ((int64_t)drill->faults.count < drill->faults_max && time_mono_ms() >= strike_ms) {
            (void)drill_faults_strike(&drill->faults, drill->store);
            strike_ms = time_mono_ms() + STRIKE_MS;
        }
        time_sleep_ms(ROUND_MS);
    }
    terminal_progress_end(&progress);
}

static int hold(struct drill *drill) {
    struct drill_report report;
    enum err err = ERR_OK;
    int status = check_queue(drill);
    if (status == CTL_OK)
        status = check_runners(drill);
    if (status == CTL_OK)
        status = order_all(drill);
    if (status != CTL_OK)
        return status;
    follow(drill);
    for (size_t i = 0; i < drill->tasks.count && err == ERR_OK; i++)
        if (!drill->tasks.all[i].lost)
            err = drill_history_read(drill->tasks.client, &drill->faults, &drill->tasks.all[i]);
    if (err != ERR_OK)
        return refuse(CTL_UNREACHABLE, "the service does not tell the histories of the tasks");
    drill_report_make(&drill->tasks, &drill->faults, &report);
    return drill_report_print(&report, options_flag(drill->options, "json"));
}

/* --- what it needs ------------------------------------------------------------------- */

static enum err open_stack(const struct settings *settings, struct drill *drill,
                           struct client **ret_client, struct fault *fault) {
    enum err err = client_new(settings, ret_client, fault);
    if (err == ERR_OK)
        err = store_new(settings_text(settings, SETTINGS_REDIS_URL),
                        settings_int(settings, SETTINGS_REDIS_TIMEOUT_MS), &drill->store, fault);
    if (err == ERR_OK)
        err = drill_tasks_init(&drill->tasks, *ret_client, (size_t)drill->tasks_max);
    return err;
}

static enum err read_options(struct drill *drill, struct fault *fault) {
    enum err err = options_int(drill->options, "tasks", 1, DRILL_TASKS_MAX, TASKS_DEFAULT,
                               &drill->tasks_max, fault);
    if (err == ERR_OK)
        err = options_int(drill->options, "faults", 0, DRILL_FAULTS_MAX, 0, &drill->faults_max,
                          fault);
    if (err == ERR_OK)
        err = options_int(drill->options, "timeout", 1, TIMEOUT_MAX_S, TIMEOUT_DEFAULT_S,
                          &drill->timeout_s, fault);
    if (err == ERR_OK && !options_flag(drill->options, "staging"))
        err = fault_set(fault, ERR_USAGE,
                        "a drill loads and may kill what it is held on; --staging says that this "
                        "is no production");
    return err;
}

int drill_run(const struct settings *settings, const struct options *options) {
    struct drill drill = {.options = options};
    struct client *client = NULL;
    struct fault fault = {0};
    enum err err = read_options(&drill, &fault);
    if (err == ERR_OK)
        err = open_stack(settings, &drill, &client, &fault);
    int status = err == ERR_OK ? hold(&drill) : err_exit(err);
    if (err != ERR_OK)
        fprintf(stderr, "agnosticctl: %s\n", fault.text[0] ? fault.text : err_text(err));
    drill_tasks_done(&drill.tasks);
    store_free(drill.store);
    client_free(client);
    return status;
}

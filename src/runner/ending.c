/* From exit status, signal or timeout to the words of an outcome, by table. */
#include "runner/ending.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 5))) static void tell(struct outcome *outcome,
                                                       enum outcome_status status,
                                                       const char *reason, const char *format,
                                                       ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    outcome_end(outcome, status, reason, text);
}

/* Exit statuses with a meaning. If the agent itself printed a result of this status, its
 * own words stand. */
struct exit_row {
    int code;
    enum outcome_status status;
    const char *reason, *did;
};
static const struct exit_row exits[] = {
    {3, OUTCOME_REFUSED, "target_refused", "refused the target"},
    {64, OUTCOME_FAILED, "bad_task", "could not read its task"},
    {69, OUTCOME_NOT_AVAILABLE, "need_missing", "misses something that it needs"},
};

static void tell_exit(int code, const char *name, struct outcome *outcome) {
    if (code == 0) {
        outcome_close(outcome);
        return;
    }
    for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
        const struct exit_row *row = &exits[i];
        if (row->code != code) {
            continue;
        }
        if (row->status != OUTCOME_FAILED && outcome_status(outcome) == row->status) {
            outcome_close(outcome);
        } else {
            tell(outcome, row->status, row->reason, "Agent %s %s.", name, row->did);
        }
        return;
    }
    tell(outcome, OUTCOME_FAILED, "agent_crashed", "Agent %s ended with exit status %d.", name,
         code);
}

static void tell_own_end(const struct spawn_end *end, const char *name, struct outcome *outcome) {
    if (end->kind == SPAWN_EXITED) {
        tell_exit(end->value, name, outcome);
    } else if (end->kind == SPAWN_NOT_BEGUN) {
        tell(outcome, OUTCOME_FAILED, "agent_not_started", "Agent %s was not started: %s: %s.",
             name, end->step, strerror(end->value));
    } else {
        tell(outcome, OUTCOME_FAILED, "agent_crashed", "Agent %s was killed by signal %d (%s).",
             name, end->value, strsignal(end->value));
    }
}

/* One that used its grace to print what it had, and left in order, is heard. */
static bool left_in_order(const struct ending *ending, const struct outcome *outcome) {
    return ending->end.kind == SPAWN_EXITED && ending->end.value == 0 &&
           outcome_status(outcome) == OUTCOME_PARTIAL;
}

void ending_tell(const struct ending *ending, const char *name, struct outcome *outcome) {
    switch (ending->cause) {
    case ENDING_TIMEOUT:
        if (left_in_order(ending, outcome)) {
            outcome_close(outcome);
        } else {
            tell(outcome, OUTCOME_FAILED, "timeout", "Agent %s did not end in its time.", name);
        }
        return;
    case ENDING_PROCESSES:
        tell(outcome, OUTCOME_FAILED, "too_many_processes",
             "Agent %s started more processes than its limits.nproc.", name);
        return;
    case ENDING_ITS_OWN:
        break;
    }
    tell_own_end(&ending->end, name, outcome);
    if (ending->truncated && outcome_status(outcome) == OUTCOME_COMPLETED) {
        tell(outcome, OUTCOME_PARTIAL, "output_truncated",
             "Agent %s printed more than its limits.stdout_mb; the rest was not read.", name);
    }
}

/* state: the life of a task, as a table.
 *
 *   submit > pending --claim--> running --complete, fail--> completed, failed
 *            |  |  ^             |  |  \---bury--------------> failed (tried or crashed too often)
 *            |  |  |             |  \------cancel------------> cancelled
 *            |  |  \-------------/ retry (given up for now), hand_back (the runner stops),
 *            |  |                  reap (its lease ran out)
 *            |  \--expire--> failed (not started in its time)
 *            \-----cancel--> cancelled
 *
 * Terminal states have no way out. The Lua scripts in src/store/scripts carry the
 * transitions out; a test runs every script against every state and compares with
 * this table. */
#ifndef AGNOSTIC_TASK_STATE_H
#define AGNOSTIC_TASK_STATE_H

#include "agnostic/base/text.h"

/* Stored and sent as words; the numbers never leave the process. */
enum task_state {
    TASK_PENDING,
    TASK_RUNNING,
    TASK_COMPLETED,
    TASK_FAILED,
    TASK_CANCELLED,
    TASK_STATE__COUNT
};

enum task_event {
    TASK_EVENT_CLAIM,
    TASK_EVENT_COMPLETE,
    TASK_EVENT_FAIL,
    TASK_EVENT_RETRY,
    TASK_EVENT_REAP,
    TASK_EVENT_BURY,
    TASK_EVENT_HAND_BACK,
    TASK_EVENT_CANCEL,
    TASK_EVENT_EXPIRE,
    TASK_EVENT__COUNT
};

enum task_priority { TASK_CRITICAL, TASK_HIGH, TASK_MEDIUM, TASK_LOW, TASK_PRIORITY__COUNT };

const char *task_state_word(enum task_state state);
bool task_state_read(struct text word, enum task_state *ret_state);
bool task_state_is_terminal(enum task_state state);
/* task_state_next(from, event, &to): false when the table has no such row. */
bool task_state_next(enum task_state from, enum task_event event, enum task_state *ret_to);

const char *task_priority_word(enum task_priority priority);
bool task_priority_read(struct text word, enum task_priority *ret_priority);

#endif

/* target_store: who tests a target just now, over all slots and hosts: several sessions that share
 * it and its rate, or one that has it alone. A hold belongs to a claim, is renewed by its beats
 * (task_store_beat), and ends by itself when they do. */
#ifndef AGNOSTIC_STORE_TARGET_STORE_H
#define AGNOSTIC_STORE_TARGET_STORE_H

#include "agnostic/store/task_store.h"

enum { TARGET_STORE_NAME_SIZE = 65 /* hex SHA-256 with NUL */ };

struct target_hold {
    char target[TARGET_STORE_NAME_SIZE]; /* hex SHA-256 of what is held */
    bool alone;                          /* else with others */
    int64_t places;                      /* for those that share it */
    int64_t hold_ms;                     /* after the last beat */
};

/* target_store_take(store, claim, hold, &waits): from now on claim has hold->target. A claim that
 * has it alone may so begin to share it. ERR_BUSY: it stands in line, and has been told so `waits`
 * times by now; nobody who asks later and is worth no more overtakes it. ERR_LOST. */
enum err target_store_take(struct store *store, const struct task_claim *claim,
                           const struct target_hold *hold, int64_t *ret_waits);
/* target_store_leave(store, claim, hold): lets go, also after the end of the task; who is next need
 * not wait any longer. */
enum err target_store_leave(struct store *store, const struct task_claim *claim,
                            const struct target_hold *hold);

#endif

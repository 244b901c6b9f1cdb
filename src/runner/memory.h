/* memory: what is remembered of a task with a target, and what is remembered of its target. */
#ifndef AGNOSTIC_RUNNER_MEMORY_H
#define AGNOSTIC_RUNNER_MEMORY_H

#include "agnostic/store/history_store.h"
#include "agnostic/task/session.h"

struct memory {
    struct history_note note;
    struct buf summary; /* the note's */
    char session_id[SESSION_ID_SIZE], target[SECURE_HEX_SIZE];
    bool is_made;
};

enum {
    MEMORY_RECALLED_MAX = 20,       /* sessions */
    MEMORY_RECALLED_BYTES = 1 << 20 /* of them all */
};

void memory_init(struct memory *memory);
void memory_done(struct memory *memory);
/* memory_clear(memory): nothing to remember. */
void memory_clear(struct memory *memory);
/* memory_make(memory, session, days): session.parameters is filled in here. Nothing is remembered
 * of a task without target, or for 0 days. ERR_NOMEM, ERR_INTERNAL. */
enum err memory_make(struct memory *memory, struct session *session, int64_t days);
/* memory_note(memory): for task_store_finish, NULL when there is nothing to remember. */
const struct history_note *memory_note(const struct memory *memory);

/* memory_recall(store, request, buf): appends the earlier sessions of the same target and
 * parameters to buf, a line each, the newest first, as many as buf and MEMORY_RECALLED_MAX allow.
 * Nothing for a task without target. What cannot be read is passed over. ERR_STORE, ERR_STORE_FULL,
 * ERR_NOMEM, ERR_INTERNAL. */
enum err memory_recall(struct store *store, const struct request *request, struct buf *buf);

#endif

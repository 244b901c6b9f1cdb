/* history_store: what is remembered of finished tasks for AGNOSTIC_HISTORY_DAYS: a summary of each
 * session (task/session.h), the sessions of each target, and how many checks ended how, by day.
 * Written with the end of a task, in the same step (task_store_finish). */
#ifndef AGNOSTIC_STORE_HISTORY_STORE_H
#define AGNOSTIC_STORE_HISTORY_STORE_H

#include "agnostic/base/buf.h"
#include "agnostic/store/store.h"

enum {
    HISTORY_SESSIONS_MAX = 100, /* of one target; the oldest is forgotten first */
    HISTORY_COUNTS_MAX = 8,
    HISTORY_DAYS_MAX = 90 /* that history_store_days looks at */
};

/* How many checks ended like that. */
struct history_count {
    const char *what; /* a check's status, or "total" */
    int64_t n;
};

/* What to remember; borrowed. */
struct history_note {
    const char *session_id;
    const char *target; /* session_target() */
    int64_t days;       /* for so long */
    struct text summary;
    struct history_count counts[HISTORY_COUNTS_MAX];
    size_t count;
};

/* history_store_session(store, session_id, summary, owner): appends the summary of a session to
 * summary, and to owner (may be NULL) the id of who ordered it. session_id_ok(session_id).
 * ERR_NO_SESSION: unknown, or forgotten. */
enum err history_store_session(struct store *store, const char *session_id, struct buf *summary,
                               struct buf *owner);
/* history_store_target(store, target, max, visit, ctx): the newest `max` sessions of a target
 * (session_target()), newest first, until visit returns false. summary and owner (who ordered it;
 * empty: not known) are borrowed during the visit. */
enum err history_store_target(struct store *store, const char *target, int64_t max,
                              bool (*visit)(void *ctx, struct text summary, struct text owner),
                              void *ctx);
/* history_store_days(store, days, visit, ctx): the last `days` days (UTC, at most HISTORY_DAYS_MAX)
 * on which a session ended, oldest first; date is "YYYY-MM-DD". What is no count is passed over. */
enum err history_store_days(struct store *store, int64_t days,
                            void (*visit)(void *ctx, const char *date,
                                          const struct history_count *counts, size_t count),
                            void *ctx);

#endif

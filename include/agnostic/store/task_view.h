/* task_view: reading tasks. Changes nothing but a record that lapsed while its task lives. */
#ifndef AGNOSTIC_STORE_TASK_VIEW_H
#define AGNOSTIC_STORE_TASK_VIEW_H

#include "agnostic/store/access_store.h"
#include "agnostic/store/task_store.h"

/* What a poll reads, in one round trip with the credential; in more when key or task is missing. */
struct task_view {
    bool found;
    bool gone;    /* it was there, and its time is over (gone:<id>) */
    char *record; /* owned; NUL-terminated JSON, ours or the original's */
    size_t record_len;
    /* only with TASK_VIEW_FULL (else empty): scheduling truth from the meta hash */
    char *spec; /* owned, may be NULL */
    char owner[128];
    enum task_priority priority;
    int64_t attempt, fails, crashes;                       /* counts */
    int64_t created_ms, started_ms, finished_ms, ready_ms; /* Redis time, 0: not yet or nonsense */
    char slot[TASK_STORE_SLOT_SIZE];
    int64_t expires_at_s; /* of the record, seconds since 1970, 0: never or unknown */
    char progress[512];   /* as the runner last said it, "" none */
    int64_t seq;          /* its number among those of its priority, 0: unknown */
    char retry_of[101], retried_as[101]; /* the task it tries again, the newest that tries it */
};
void task_view_done(struct task_view *view);
/* task_view_read(store, query, id, part, &answer, &view): the credential's record and the
 * task together. An unknown id is ERR_OK with view.found false; so is one whose time is over, with
 * view.gone. The record of a task that lives is there: if it lapsed, it is written again. With
 * ACCESS_NOTHING answer is empty. `owner` is filled too with TASK_VIEW_OWNER
 * (AGNOSTIC_TASK_READ=owner), still one trip. */
enum task_view_part { TASK_VIEW_RECORD, TASK_VIEW_OWNER, TASK_VIEW_FULL };
enum err task_view_read(struct store *store, const struct access_query *query, const char *id,
                        enum task_view_part part, struct access_answer *ret_answer,
                        struct task_view *ret_view);

/* Where a task that waits stands. */
struct task_place {
    int64_t position;     /* its enqueue number minus that of its list's head, -1: in no list */
    int64_t higher;       /* tasks waiting with a higher priority */
    int64_t run_ms, runs; /* of all tasks that ran: together, and how many */
};
/* task_view_place(store, id, view, &place): view with TASK_VIEW_FULL. */
enum err task_view_place(struct store *store, const char *id, const struct task_view *view,
                         struct task_place *ret_place);

/* --- many tasks ------------------------------------------------------------------------ */

enum { TASK_LIST_SCAN_MAX = 1000 }; /* tasks one call looks at, the newest first */

/* A place between two tasks of a list. ms 0: before the newest. */
struct task_list_place {
    int64_t ms;     /* when the last task passed was accepted, Redis time */
    int64_t passed; /* tasks of that moment passed */
};
struct task_list {
    const char *owner;           /* NULL: everybody's */
    int64_t after_ms, before_ms; /* accepted between these, exclusive; 0: no bound */
    struct task_list_place at;
};
/* Borrowed during the visit; empty when it is not there (any more). */
struct task_list_row {
    struct text record; /* JSON, without `result` */
    struct text spec;
    int64_t ms;
};
struct task_list_end {
    int64_t total; /* tasks of that owner and age; some may have expired in the last hour */
    bool more;     /* there may be others behind next */
    struct task_list_place next;
};
/* task_view_list(store, list, visit, ctx, &end): visits tasks until visit returns false (it has
 * enough), TASK_LIST_SCAN_MAX were looked at, or none is left. */
enum err task_view_list(struct store *store, const struct task_list *list,
                        bool (*visit)(void *ctx, const struct task_list_row *row), void *ctx,
                        struct task_list_end *ret_end);

/* --- history and log ------------------------------------------------------------------- */

enum { TASK_EVENT_ID_SIZE = 48, TASK_EVENT_FIELDS_MAX = 16 };

/* One line of history. All but id is borrowed during the visit; nothing in it is to be trusted. */
struct task_event_row {
    char id[TASK_EVENT_ID_SIZE];
    int64_t at_ms; /* Redis time */
    struct text event;
    struct text names[TASK_EVENT_FIELDS_MAX], values[TASK_EVENT_FIELDS_MAX];
    size_t count;
};
/* task_event_id(text): could it be the id of an event? */
bool task_event_id(struct text text);
/* task_view_events(store, id, after, count, wait_ms, visit, ctx): at most count events of task id
 * behind the one called after ("": from the beginning), the oldest first; when there are none,
 * waits for the next, at most wait_ms (0: not). */
enum err task_view_events(struct store *store, const char *id, const char *after, int64_t count,
                          int64_t wait_ms,
                          void (*visit)(void *ctx, const struct task_event_row *row), void *ctx);
/* task_view_last_event(store, id, dst): the id of the newest, "" when there is none. */
enum err task_view_last_event(struct store *store, const char *id,
                              char dst[static TASK_EVENT_ID_SIZE]);

/* task_view_log_size(store, id, &bytes): 0: nothing was said (or there is no such task). */
enum err task_view_log_size(struct store *store, const char *id, int64_t *ret_bytes);
/* task_view_log(store, id, first, last, dst): those bytes of it, both included, are appended to
 * dst. ERR_GONE: it is not so long any more. */
enum err task_view_log(struct store *store, const char *id, int64_t first, int64_t last,
                       struct buf *dst);
/* Points into what was read. */
struct task_view_artifact {
    struct text media_type, sha256, bytes;
};
/* task_view_artifact(store, id, name, dst, &artifact): reads one into dst, whose content it
 * replaces. ERR_NO_ARTIFACT, ERR_DAMAGED. */
enum err task_view_artifact(struct store *store, const char *id, struct text name, struct buf *dst,
                            struct task_view_artifact *ret_artifact);

#endif

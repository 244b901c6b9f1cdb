/* record: the six-field JSON that stands at `task:<id>` and travels to clients.
 *
 *   {"task_id":..,"session_id":..,"status":"pending","created_at":..,"updated_at":..,"result":null}
 *
 * Its text is head + status + middle + updated_at + tail: the store's scripts
 * splice these pieces, so that no script ever parses or prints JSON. */
#ifndef AGNOSTIC_TASK_RECORD_H
#define AGNOSTIC_TASK_RECORD_H

#include "agnostic/base/json.h"
#include "agnostic/task/state.h"

enum {
    RECORD_PIECE_SIZE = 256,          /* head or middle, with NUL */
    RECORD_RESULT_MAX_BYTES = 1 << 20 /* of the `result` member */
};

/* record_head(task_id, session_id, dst): {"task_id":"..","session_id":"..","status":" */
void record_head(const char *task_id, const char *session_id, char dst[static RECORD_PIECE_SIZE]);
/* record_middle(created_iso, dst): ","created_at":"..","updated_at":" */
void record_middle(const char *created_iso, char dst[static RECORD_PIECE_SIZE]);
/* record_put(buf, head, state, middle, updated_iso, result_json): the whole record;
 * result_json is one JSON value, "null" for none. */
void record_put(struct buf *buf, const char *head, enum task_state state, const char *middle,
                const char *updated_iso, struct text result_json);

/* What a stored record says; ours or the original's. */
struct record {
    struct json *root; /* owned; record_done frees it */
    enum task_state state;
    const char *task_id, *session_id, *created_at, *updated_at; /* live as long as root */
    const struct json *result;
};
/* record_read(text, &record): ERR_DAMAGED when it is not such a record. A status word
 * of the original's later generation ("partial") is read as TASK_COMPLETED. */
enum err record_read(struct text text, struct record *ret_record);
void record_done(struct record *record);

#endif

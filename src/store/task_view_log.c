/* task_view_log: what a task's agents said, whole or in part. */
#include "agnostic/store/keys.h"
#include "agnostic/store/task_view.h"
#include "store/inside.h"

enum err task_view_log_size(struct store *store, const char *id, int64_t *ret_bytes) {
    struct command command;
    struct redis_reply *reply = NULL;
    int64_t bytes;
    command_init(&command, "STRLEN");
    command_printf(&command, KEYS_TASK_LOG, id);
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && !redis_int(reply, &bytes)) {
        err = ERR_DAMAGED;
    }
    if (err == ERR_OK) {
        *ret_bytes = bytes;
    }
    redis_reply_free(reply);
    return err;
}

enum err task_view_log(struct store *store, const char *id, int64_t first, int64_t last,
                       struct buf *dst) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text part;
    command_init(&command, "GETRANGE");
    command_printf(&command, KEYS_TASK_LOG, id);
    command_int(&command, first);
    command_int(&command, last);
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && !redis_text(reply, &part)) {
        err = ERR_DAMAGED;
    }
    if (err == ERR_OK && (int64_t)part.len != last - first + 1) {
        err = ERR_GONE; /* a log only grows; this one's time is over */
    }
    if (err == ERR_OK) {
        buf_puttext(dst, part);
        err = dst->failed ? ERR_NOMEM : ERR_OK;
    }
    redis_reply_free(reply);
    return err;
}

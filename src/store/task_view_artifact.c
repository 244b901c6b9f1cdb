/* task_view_artifact: a file that one of a task's agents left. */
#include "agnostic/store/keys.h"
#include "agnostic/store/task_view.h"
#include "store/inside.h"

/* "media type\nsha256\nbytes", as task_store_artifact puts it. */
static enum err cut(struct text value, struct task_view_artifact *ret_artifact) {
    struct text rest = value;
    if (!text_cut(&rest, '\n', &ret_artifact->media_type) || rest.ptr == NULL ||
        !text_cut(&rest, '\n', &ret_artifact->sha256) || rest.ptr == NULL) {
        return ERR_DAMAGED;
    }
    ret_artifact->bytes = rest;
    return ERR_OK;
}

enum err task_view_artifact(struct store *store, const char *id, struct text name, struct buf *dst,
                            struct task_view_artifact *ret_artifact) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text value;
    command_init(&command, "HGET");
    command_printf(&command, KEYS_TASK_ARTIFACTS, id);
    command_text(&command, name);
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && !redis_text(reply, &value)) {
        err = ERR_NO_ARTIFACT;
    }
    if (err == ERR_OK) {
        buf_reset(dst);
        buf_puttext(dst, value);
        err = dst->failed ? ERR_NOMEM : cut(buf_text(dst), ret_artifact);
    }
    redis_reply_free(reply);
    return err;
}

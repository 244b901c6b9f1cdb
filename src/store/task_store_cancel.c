/* task_store_cancel: the end that a task's owner may give it. */
#include "agnostic/store/task_store.h"
#include "store/inside.h"
#include "store/script.h"

enum err task_store_cancel(struct store *store, const char *id, enum task_state *ret_was) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text word;
    script_begin_task(&command, &script_cancel);
    script_argv(&command);
    command_str(&command, id);
    enum err err = script_ask(store->redis, &command, &script_cancel, 0, &reply);
    if (err == ERR_OK) {
        err = store_confirm(store, script_word(reply));
        if ((err == ERR_OK || err == ERR_CONFLICT) &&
            !(redis_text(redis_at(reply, 1), &word) && task_state_read(word, ret_was))) {
            err = ERR_DAMAGED;
        }
    }
    redis_reply_free(reply);
    return err;
}

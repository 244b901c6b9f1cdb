/* task_store: submitting. */
#include "agnostic/store/task_store.h"

#include <stdlib.h>

#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

static void put_submit_keys(struct command *command, const struct task_submit *submit) {
    command_printf(command, KEYS_TASK, submit->id);
    command_printf(command, KEYS_READY, task_priority_word(submit->priority));
    command_str(command, KEYS_BELL);
    command_printf(command, KEYS_OPEN, submit->owner);
    command_str(command, KEYS_INDEX);
    command_printf(command, KEYS_INDEX_OWNER, submit->owner);
    command_str(command, KEYS_DRAIN);
}

void task_submitted_done(struct task_submitted *submitted) {
    free(submitted->record);
    *submitted = (struct task_submitted){0};
}

enum err task_store_submit(struct store *store, const struct task_submit *submit,
                           struct task_submitted *ret_submitted) {
    struct command command;
    script_begin(&command, &script_submit);
    put_submit_keys(&command, submit);
    script_argv(&command);
    command_str(&command, submit->id);
    command_text(&command, submit->record);
    command_text(&command, submit->spec);
    command_str(&command, submit->head);
    command_str(&command, submit->middle);
    command_str(&command, task_priority_word(submit->priority));
    command_str(&command, submit->owner);
    command_int(&command, submit->run_timeout_ms);
    command_int(&command, submit->queue_max);
    command_int(&command, submit->open_max);
    if (submit->callback_url.ptr != NULL) {
        command_text(&command, submit->callback_url);
        if (submit->callback_secret.ptr != NULL) {
            command_text(&command, submit->callback_secret);
        }
    }
    enum err err = script_do(store->redis, &command, &script_submit);
    if (err == ERR_OK) {
        *ret_submitted = (struct task_submitted){.how = TASK_SUBMIT_NEW};
        text_copy(text_of(submit->id), ret_submitted->id, sizeof ret_submitted->id);
    }
    return err;
}

/* task_store: submitting, and how deep the queue is. */
#include "agnostic/store/task_store.h"

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

enum err task_store_submit(struct store *store, const struct task_submit *submit) {
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
    return script_do(store->redis, &command, &script_submit);
}

enum err task_store_depth(struct store *store, struct task_depth *ret_depth) {
    enum { DELAYED = TASK_PRIORITY__COUNT, LEASED, COUNT };
    struct command commands[COUNT];
    struct redis_reply *replies[COUNT] = {NULL};
    int64_t n[COUNT];
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_init(&commands[i], "LLEN");
        command_printf(&commands[i], KEYS_READY, task_priority_word((enum task_priority)i));
    }
    command_init(&commands[DELAYED], "ZCARD");
    command_str(&commands[DELAYED], KEYS_DELAYED);
    command_init(&commands[LEASED], "ZCARD");
    command_str(&commands[LEASED], KEYS_LEASE);
    enum err err = redis_calls(store->redis, commands, COUNT, replies);
    for (size_t i = 0; i < COUNT && err == ERR_OK; i++) {
        err = redis_int(replies[i], &n[i]) ? ERR_OK : ERR_DAMAGED;
    }
    for (size_t i = 0; i < COUNT; i++) {
        redis_reply_free(replies[i]);
    }
    if (err != ERR_OK) {
        return err;
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        ret_depth->ready[i] = n[i];
    }
    ret_depth->delayed = n[DELAYED];
    ret_depth->leased = n[LEASED];
    return ERR_OK;
}

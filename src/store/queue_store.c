/* queue_store: how deep the queue is. */
#include "agnostic/store/queue_store.h"

#include "agnostic/store/keys.h"
#include "store/inside.h"

enum err queue_store_depth(struct store *store, struct queue_depth *ret_depth) {
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

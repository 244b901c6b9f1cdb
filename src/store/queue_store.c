/* queue_store: how deep the queue is, when more is due, and the two switches of operators. */
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

enum err queue_store_due(struct store *store, int64_t *ret_in_ms) {
    enum { NEXT, TIME, COUNT };
    struct command commands[COUNT];
    struct redis_reply *replies[COUNT] = {NULL};
    int64_t due_ms, now_s, now_us;
    command_init(&commands[NEXT], "ZRANGE");
    command_str(&commands[NEXT], KEYS_DELAYED);
    command_str(&commands[NEXT], "0");
    command_str(&commands[NEXT], "0");
    command_str(&commands[NEXT], "WITHSCORES");
    command_init(&commands[TIME], "TIME");
    enum err err = redis_calls(store->redis, commands, COUNT, replies);
    if (err == ERR_OK && redis_count(replies[NEXT]) == 0) {
        err = ERR_EMPTY;
    } else if (err == ERR_OK && (!redis_int(redis_at(replies[NEXT], 1), &due_ms) ||
                                 !redis_int(redis_at(replies[TIME], 0), &now_s) ||
                                 !redis_int(redis_at(replies[TIME], 1), &now_us))) {
        err = ERR_DAMAGED;
    }
    if (err == ERR_OK) {
        int64_t now_ms = now_s * 1000 + now_us / 1000;
        *ret_in_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    }
    redis_reply_free(replies[NEXT]);
    redis_reply_free(replies[TIME]);
    return err;
}

enum err queue_store_switches(struct store *store, struct queue_switches *ret_switches) {
    static const char *const KEYS[] = {KEYS_PAUSED, KEYS_DRAIN};
    enum { COUNT = sizeof KEYS / sizeof KEYS[0] };
    struct command commands[COUNT];
    struct redis_reply *replies[COUNT] = {NULL};
    int64_t on[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        command_init(&commands[i], "EXISTS");
        command_str(&commands[i], KEYS[i]);
    }
    enum err err = redis_calls(store->redis, commands, COUNT, replies);
    for (size_t i = 0; i < COUNT; i++) {
        if (err == ERR_OK && !redis_int(replies[i], &on[i])) {
            err = ERR_DAMAGED;
        }
        redis_reply_free(replies[i]);
    }
    if (err == ERR_OK) {
        *ret_switches = (struct queue_switches){.paused = on[0] != 0, .draining = on[1] != 0};
    }
    return err;
}

static enum err turn(struct store *store, const char *key, bool on) {
    struct command command;
    struct redis_reply *reply = NULL;
    command_init(&command, on ? "SET" : "DEL");
    command_str(&command, key);
    if (on) {
        command_str(&command, "1");
    }
    enum err err = redis_call(store->redis, &command, 0, &reply);
    redis_reply_free(reply);
    return err;
}

enum err queue_store_pause(struct store *store, bool paused) {
    return turn(store, KEYS_PAUSED, paused);
}

enum err queue_store_drain(struct store *store, bool draining) {
    return turn(store, KEYS_DRAIN, draining);
}

/* queue_store_repair: mends what crashed slots left behind. Every step is a script that may run
 * any number of times, so any number of keepers may do this side by side. */
#include <stdio.h>

#include "agnostic/store/keys.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_store.h"
#include "store/inside.h"
#include "store/script.h"

enum {
    REPAIR_LIMIT = 100,       /* ids one script run looks at */
    REPAIR_BACKOFF_MS = 5000, /* after the first crash; four times as long after each more */
    REARM_PAGES_MAX = 5000    /* of REPAIR_LIMIT ids, in one deep repair */
};

/* Runs a prepared script and adds the counts that it gives (behind its word) to sums. */
static enum err add_counts(struct store *store, struct command *command,
                           const struct script *script, int64_t *const *sums, size_t count) {
    struct redis_reply *reply = NULL;
    enum err err = script_run(store->redis, command, script, 0, &reply);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        int64_t n;
        if (redis_int(redis_at(reply, i + 1), &n)) {
            *sums[i] += n;
        } else {
            err = ERR_DAMAGED;
        }
    }
    redis_reply_free(reply);
    return err;
}

static enum err reap(struct store *store, const char *keeper, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_reap);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    command_int(&command, TASK_STORE_CRASHES_MAX);
    command_int(&command, REPAIR_BACKOFF_MS);
    command_str(&command, keeper);
    return add_counts(store, &command, &script_reap,
                      (int64_t *[]){&repair->requeued, &repair->buried, &repair->ghosts}, 3);
}

static enum err promote(struct store *store, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_promote);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    return add_counts(store, &command, &script_promote,
                      (int64_t *[]){&repair->promoted, &repair->ghosts}, 2);
}

static enum err adopt(struct store *store, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_adopt);
    command_str(&command, KEYS_SLOTS);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    return add_counts(store, &command, &script_adopt,
                      (int64_t *[]){&repair->leased, &repair->ghosts}, 2);
}

/* One page of ids (a reply of strings) re-armed. */
static enum err rearm_ids(struct store *store, const struct redis_reply *ids) {
    struct command command;
    struct text id;
    script_begin_task(&command, &script_rearm);
    script_argv(&command);
    for (size_t i = 0; i < redis_count(ids); i++) {
        if (redis_text(redis_at(ids, i), &id)) {
            command_text(&command, id);
        }
    }
    return script_do(store->redis, &command, &script_rearm);
}

/* Walks a list or sorted set from its head, page by page. It may move meanwhile: who is missed now
 * is met the next time, long before a record lapses. */
static enum err rearm(struct store *store, const char *range, struct text key) {
    size_t got = REPAIR_LIMIT;
    enum err err = ERR_OK;
    for (int64_t page = 0; page < REARM_PAGES_MAX && got == REPAIR_LIMIT && err == ERR_OK; page++) {
        struct command command;
        struct redis_reply *ids = NULL;
        command_init(&command, range);
        command_text(&command, key);
        command_int(&command, page * REPAIR_LIMIT);
        command_int(&command, (page + 1) * REPAIR_LIMIT - 1);
        err = redis_call(store->redis, &command, 0, &ids);
        got = redis_count(ids);
        if (err == ERR_OK && got > 0) {
            err = rearm_ids(store, ids);
        }
        redis_reply_free(ids);
    }
    return err;
}

static enum err rearm_all(struct store *store) {
    enum err err = rearm(store, "ZRANGE", TEXT(KEYS_DELAYED));
    if (err == ERR_OK) {
        err = rearm(store, "ZRANGE", TEXT(KEYS_LEASE));
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT && err == ERR_OK; i++) {
        char key[KEYS_SIZE];
        snprintf(key, sizeof key, KEYS_READY, task_priority_word((enum task_priority)i));
        err = rearm(store, "LRANGE", text_of(key));
    }
    return err;
}

enum err queue_store_repair(struct store *store, const char *keeper, bool deep,
                            struct queue_repair *ret_repair) {
    struct queue_repair repair = {0};
    enum err err = reap(store, keeper, &repair);
    if (err == ERR_OK) {
        err = promote(store, &repair);
    }
    if (err == ERR_OK && deep) {
        err = adopt(store, &repair);
    }
    if (err == ERR_OK && deep) {
        err = rearm_all(store);
    }
    if (err == ERR_OK) {
        *ret_repair = repair;
    }
    return err;
}

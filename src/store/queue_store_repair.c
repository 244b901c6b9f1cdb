/* queue_store_repair: mends what crashed slots and operators left behind. Every step is a script
 * that may run any number of times, so any number of keepers may do this side by side. */
#include "agnostic/store/keys.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_store.h"
#include "store/inside.h"
#include "store/script.h"

enum {
    REPAIR_LIMIT = 100,       /* ids one script run looks at */
    REPAIR_BACKOFF_MS = 5000, /* after the first crash; four times as long after each more */
    SWEEP_KEYS = 200,         /* one piece of the walk over all keys, about */
    SWEEP_PIECES = 20         /* at most, in a deep repair */
};

/* The counts in an answer, from element first on, added to sums. */
static enum err add_counts(const struct redis_reply *reply, size_t first, int64_t *const *sums,
                           size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t n;
        if (!redis_int(redis_at(reply, first + i), &n)) {
            return ERR_DAMAGED;
        }
        *sums[i] += n;
    }
    return ERR_OK;
}

/* Runs a prepared script that answers with counts behind its word. */
static enum err run(struct store *store, struct command *command, const struct script *script,
                    int64_t *const *sums, size_t count) {
    struct redis_reply *reply = NULL;
    enum err err = script_run(store->redis, command, script, 0, &reply);
    if (err == ERR_OK) {
        err = add_counts(reply, 1, sums, count);
    }
    redis_reply_free(reply);
    return err;
}

/* Keys of another type than theirs would stop everything else, so this comes first. */
static enum err move_aside(struct store *store, struct queue_repair *repair) {
    static const struct kind {
        const char *key, *type;
    } KINDS[] = {
        {KEYS_LEASE, "zset"},        {KEYS_DELAYED, "zset"},       {KEYS_DEAD, "zset"},
        {KEYS_BELL, "list"},         {KEYS_WEBHOOK_DUE, "zset"},   {KEYS_STATS, "hash"},
        {KEYS_EXPIRY, "zset"},       {KEYS_SLOTS, "set"},          {KEYS_CLAIMS, "string"},
        {KEYS_SEQ, "hash"},          {KEYS_INDEX, "zset"},         {KEYS_RUNNERS, "zset"},
        {KEYS_WEBHOOK_BUSY, "zset"}, {KEYS_WEBHOOK_HOSTS, "zset"},
    };
    enum { COUNT = sizeof KINDS / sizeof KINDS[0] };
    struct command command;
    script_begin(&command, &script_aside);
    for (size_t i = 0; i < COUNT; i++) {
        command_str(&command, KINDS[i].key);
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_printf(&command, KEYS_READY, task_priority_word((enum task_priority)i));
    }
    script_argv(&command);
    for (size_t i = 0; i < COUNT; i++) {
        command_str(&command, KINDS[i].type);
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_str(&command, "list");
    }
    return run(store, &command, &script_aside, (int64_t *[]){&repair->moved}, 1);
}

static enum err reap(struct store *store, const char *keeper, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_reap);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    command_int(&command, TASK_STORE_CRASHES_MAX);
    command_int(&command, REPAIR_BACKOFF_MS);
    command_str(&command, keeper);
    return run(store, &command, &script_reap,
               (int64_t *[]){&repair->requeued, &repair->buried, &repair->ghosts}, 3);
}

static enum err promote(struct store *store, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_promote);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    return run(store, &command, &script_promote, (int64_t *[]){&repair->promoted, &repair->ghosts},
               2);
}

static enum err expire(struct store *store, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_expire);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    return run(store, &command, &script_expire, (int64_t *[]){&repair->expired, &repair->ghosts},
               2);
}

static enum err adopt(struct store *store, struct queue_repair *repair) {
    struct command command;
    script_begin_task(&command, &script_adopt);
    command_str(&command, KEYS_SLOTS);
    script_argv(&command);
    command_int(&command, REPAIR_LIMIT);
    return run(store, &command, &script_adopt, (int64_t *[]){&repair->leased, &repair->ghosts}, 2);
}

static enum err sweep_piece(struct store *store, struct queue_repair *repair) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text next;
    char cursor[STORE_CURSOR_SIZE];
    text_copy(text_of(store->sweep[0] != '\0' ? store->sweep : "0"), cursor, sizeof cursor);
    store->sweep[0] = '\0'; /* should this fail, it begins anew */
    script_begin_task(&command, &script_sweep);
    command_str(&command, KEYS_SLOTS);
    command_str(&command, KEYS_INDEX);
    script_argv(&command);
    command_str(&command, cursor);
    command_int(&command, SWEEP_KEYS);
    enum err err = script_run(store->redis, &command, &script_sweep, 0, &reply);
    if (err == ERR_OK) {
        err = add_counts(reply, 2,
                         (int64_t *[]){&repair->leased, &repair->listed, &repair->indexed,
                                       &repair->rearmed, &repair->ghosts, &repair->moved},
                         6);
    }
    if (err == ERR_OK && redis_text(redis_at(reply, 1), &next) && !text_is(next, "0")) {
        text_copy(next, store->sweep, sizeof store->sweep);
    }
    redis_reply_free(reply);
    return err;
}

/* Some of the walk over all keys, whatever their number; all of it where these pieces suffice. */
static enum err sweep(struct store *store, int pieces, struct queue_repair *repair) {
    bool whole = store->sweep[0] == '\0';
    enum err err = ERR_OK;
    for (int i = 0; i < pieces && err == ERR_OK; i++) {
        err = sweep_piece(store, repair);
        bool at_end = store->sweep[0] == '\0';
        if (at_end && whole) {
            break;
        }
        whole = whole || at_end;
    }
    return err;
}

enum err queue_store_repair(struct store *store, const char *keeper, bool deep,
                            struct queue_repair *ret_repair) {
    struct queue_repair repair = {0};
    enum err err = move_aside(store, &repair);
    if (err == ERR_OK) {
        err = reap(store, keeper, &repair);
    }
    if (err == ERR_OK) {
        err = promote(store, &repair);
    }
    if (err == ERR_OK) {
        err = expire(store, &repair);
    }
    if (err == ERR_OK && deep) {
        err = adopt(store, &repair);
    }
    if (err == ERR_OK) {
        err = sweep(store, deep ? SWEEP_PIECES : 1, &repair);
    }
    if (err == ERR_OK) {
        *ret_repair = repair;
    }
    return err;
}

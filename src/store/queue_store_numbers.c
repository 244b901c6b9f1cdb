/* queue_store_numbers: what metrics tell of the queue, in one answer. */
#include <string.h>

#include "agnostic/store/keys.h"
#include "agnostic/store/queue_store.h"
#include "store/inside.h"
#include "store/script.h"

/* What the script gives, in order; then names and numbers. */
enum {
    NUMBERS_WORD,
    NUMBERS_READY,
    NUMBERS_OLDEST = NUMBERS_READY + TASK_PRIORITY__COUNT,
    NUMBERS_DELAYED = NUMBERS_OLDEST + TASK_PRIORITY__COUNT,
    NUMBERS_LEASED,
    NUMBERS_PAUSED,
    NUMBERS_DRAINING,
    NUMBERS_STATS
};

static enum err read_queue(const struct redis_reply *reply, struct queue_numbers *numbers) {
    int64_t n[NUMBERS_STATS];
    for (size_t i = NUMBERS_READY; i < NUMBERS_STATS; i++) {
        if (!redis_int(redis_at(reply, i), &n[i])) {
            return ERR_DAMAGED;
        }
    }
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        numbers->depth.ready[i] = n[NUMBERS_READY + i];
        numbers->oldest_ms[i] = n[NUMBERS_OLDEST + i];
    }
    numbers->depth.delayed = n[NUMBERS_DELAYED];
    numbers->depth.leased = n[NUMBERS_LEASED];
    numbers->switches.paused = n[NUMBERS_PAUSED] != 0;
    numbers->switches.draining = n[NUMBERS_DRAINING] != 0;
    return ERR_OK;
}

/* What is no name of ours or no number is passed over. */
static void read_stats(const struct redis_reply *reply, struct queue_numbers *numbers) {
    enum { ROOM = sizeof numbers->stats / sizeof numbers->stats[0] };
    for (size_t i = NUMBERS_STATS; numbers->count < ROOM && redis_at(reply, i) != NULL; i += 2) {
        struct queue_stat *stat = &numbers->stats[numbers->count];
        struct text name;
        if (redis_text(redis_at(reply, i), &name) &&
            text_copy(name, stat->name, sizeof stat->name) &&
            redis_int(redis_at(reply, i + 1), &stat->n)) {
            numbers->count++;
        }
    }
}

enum err queue_store_numbers(struct store *store, int64_t limit_ms,
                             struct queue_numbers *ret_numbers) {
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin(&command, &script_numbers);
    command_str(&command, KEYS_DELAYED);
    command_str(&command, KEYS_LEASE);
    command_str(&command, KEYS_PAUSED);
    command_str(&command, KEYS_DRAIN);
    command_str(&command, KEYS_STATS);
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_printf(&command, KEYS_READY, task_priority_word((enum task_priority)i));
    }
    script_argv(&command);
    enum err err = script_run(store->redis, &command, &script_numbers, limit_ms, &reply);
    if (err != ERR_OK) {
        return err;
    }
    struct queue_numbers numbers = {0};
    err = read_queue(reply, &numbers);
    if (err == ERR_OK) {
        read_stats(reply, &numbers);
        *ret_numbers = numbers;
    }
    redis_reply_free(reply);
    return err;
}

int64_t queue_store_stat(const struct queue_numbers *numbers, const char *name) {
    for (size_t i = 0; i < numbers->count; i++) {
        if (strcmp(numbers->stats[i].name, name) == 0) {
            return numbers->stats[i].n;
        }
    }
    return 0;
}

/* task_view_place: how far a task is from being claimed, as far as that can be known. */
#include "agnostic/store/keys.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_view.h"
#include "store/inside.h"
#include "store/script.h"

enum { PLACE_POSITION = 1, PLACE_HIGHER, PLACE_RUN_MS, PLACE_RUNS };

static void put_counts(struct command *command) {
    static const int BOUNDS[] = QUEUE_STORE_BOUNDS_S;
    for (size_t i = 0; i < sizeof BOUNDS / sizeof BOUNDS[0]; i++) {
        command_printf(command, "run_le_%d", BOUNDS[i]);
    }
    command_str(command, "run_le_inf");
}

enum err task_view_place(struct store *store, const char *id, const struct task_view *view,
                         struct task_place *ret_place) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct task_place place;
    script_begin(&command, &script_place);
    command_str(&command, KEYS_STATS);
    command_str(&command, KEYS_DELAYED);
    for (int priority = (int)view->priority; priority >= 0; priority--) {
        command_printf(&command, KEYS_READY, task_priority_word((enum task_priority)priority));
    }
    script_argv(&command);
    command_str(&command, id);
    command_int(&command, view->seq);
    put_counts(&command);
    enum err err = script_run(store->redis, &command, &script_place, 0, &reply);
    if (err == ERR_OK && !(redis_int(redis_at(reply, PLACE_POSITION), &place.position) &&
                           redis_int(redis_at(reply, PLACE_HIGHER), &place.higher) &&
                           redis_int(redis_at(reply, PLACE_RUN_MS), &place.run_ms) &&
                           redis_int(redis_at(reply, PLACE_RUNS), &place.runs))) {
        err = ERR_DAMAGED;
    }
    redis_reply_free(reply);
    if (err == ERR_OK) {
        *ret_place = place;
    }
    return err;
}

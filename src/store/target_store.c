/* target_store: who tests a target just now. */
#include "agnostic/store/target_store.h"

#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

static void begin(struct command *command, const struct script *script,
                  const struct target_hold *hold) {
    script_begin_task(command, script);
    command_printf(command, KEYS_HOLD, hold->target);
    command_printf(command, KEYS_HOLD_ALONE, hold->target);
    command_printf(command, KEYS_HOLD_SHARED, hold->target);
    script_argv(command);
}

enum err target_store_take(struct store *store, const struct task_claim *claim,
                           const struct target_hold *hold, int64_t *ret_waits) {
    struct command command;
    struct redis_reply *reply = NULL;
    begin(&command, &script_target_take, hold);
    command_str(&command, claim->id);
    command_str(&command, claim->token);
    command_str(&command, hold->alone ? "alone" : "shared");
    command_int(&command, hold->places);
    command_int(&command, hold->hold_ms);
    enum err err = script_ask(store->redis, &command, &script_target_take, 0, &reply);
    if (err == ERR_OK) {
        err = script_word(reply);
    }
    if (err == ERR_BUSY && !redis_int(redis_at(reply, 1), ret_waits)) {
        err = ERR_DAMAGED;
    }
    redis_reply_free(reply);
    return err;
}

enum err target_store_leave(struct store *store, const struct task_claim *claim,
                            const struct target_hold *hold) {
    struct command command;
    begin(&command, &script_target_leave, hold);
    command_str(&command, claim->token);
    command_int(&command, hold->places);
    return script_do(store->redis, &command, &script_target_leave);
}

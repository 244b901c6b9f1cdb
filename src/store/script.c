/* script: calls Lua scripts and reads the word they answer with. Knows none of them by content. */
#include "store/script.h"

#include "agnostic/store/keys.h"

enum { ARG_VERB, ARG_SCRIPT, ARG_KEY_COUNT, ARG_FIRST_KEY };

void script_begin(struct command *command, const struct script *script) {
    command_init(command, "EVALSHA");
    command_str(command, script->sha);
    command_str(command, ""); /* the number of keys; script_argv knows it */
}

void script_begin_task(struct command *command, const struct script *script) {
    script_begin(command, script);
    command_str(command, KEYS_LEASE);
    command_str(command, KEYS_DELAYED);
    command_str(command, KEYS_DEAD);
    command_str(command, KEYS_BELL);
    command_str(command, KEYS_WEBHOOK_DUE);
    command_str(command, KEYS_STATS);
    command_str(command, KEYS_EXPIRY);
}

void script_argv(struct command *command) {
    command_int(command, (int64_t)command->count - ARG_FIRST_KEY);
    if (!command->failed) {
        command->args[ARG_KEY_COUNT] = command->args[--command->count];
    }
}

enum err script_word(const struct redis_reply *reply) {
    static const struct row {
        const char *word;
        enum err err;
    } ROWS[] = {
        {"ok", ERR_OK},           {"empty", ERR_EMPTY},        {"busy", ERR_BUSY},
        {"lost", ERR_LOST},       {"timeout", ERR_TIMEOUT},    {"too_large", ERR_TOO_LARGE},
        {"full", ERR_QUEUE_FULL}, {"open", ERR_TOO_MANY_OPEN}, {"clash", ERR_CONFLICT},
        {"unknown", ERR_NO_KEY},  {"again", ERR_CONFLICT},     {"ended", ERR_CONFLICT},
        {"rate", ERR_RATE},       {"draining", ERR_DRAINING},  {"reused", ERR_IDEMPOTENCY},
        {"none", ERR_NO_TASK},    {"gone", ERR_GONE},          {"already", ERR_ALREADY_CREATED},
    };
    struct text word;
    if (redis_text(reply, &word) || redis_text(redis_at(reply, 0), &word)) {
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
            if (text_is(word, ROWS[i].word)) {
                return ROWS[i].err;
            }
        }
    }
    return ERR_DAMAGED;
}

enum err script_ask(struct redis *redis, struct command *command, const struct script *script,
                    int64_t limit_ms, struct redis_reply **ret_reply) {
    enum err err = redis_call(redis, command, limit_ms, ret_reply);
    if (err == ERR_DAMAGED && redis_said(redis, "NOSCRIPT")) {
        command->args[ARG_VERB] = TEXT("EVAL");
        command->args[ARG_SCRIPT] = script->text;
        err = redis_call(redis, command, limit_ms, ret_reply);
    }
    return err;
}

enum err script_run(struct redis *redis, struct command *command, const struct script *script,
                    int64_t limit_ms, struct redis_reply **ret_reply) {
    struct redis_reply *reply = NULL;
    enum err err = script_ask(redis, command, script, limit_ms, &reply);
    if (err == ERR_OK) {
        err = script_word(reply);
    }
    if (err != ERR_OK) {
        redis_reply_free(reply);
        return err;
    }
    *ret_reply = reply;
    return ERR_OK;
}

enum err script_do(struct redis *redis, struct command *command, const struct script *script) {
    struct redis_reply *reply = NULL;
    enum err err = script_run(redis, command, script, 0, &reply);
    redis_reply_free(reply);
    return err;
}

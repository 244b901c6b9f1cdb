/* script: the Lua scripts and how they are called: by SHA-1, whole only when Redis does not know
 * it yet. Every script answers with a word, or an array that starts with one. */
#ifndef STORE_SCRIPT_H
#define STORE_SCRIPT_H

#include "store/redis.h"

struct script {
    char sha[41];
    struct text text;
};
extern const struct script script_access_create, script_access_revoke, script_adopt,
    script_artifact, script_aside, script_beat, script_cancel, script_claim, script_days,
    script_event, script_expire, script_finish, script_fleet_beat, script_fleet_leave,
    script_fleet_list, script_fleet_read, script_hand_back, script_list, script_log, script_numbers,
    script_place, script_promote, script_put_off, script_reap, script_rearm, script_retry,
    script_submit, script_sweep, script_target_leave, script_target_take, script_unclaim,
    script_webhook_again, script_webhook_done, script_webhook_ping, script_webhook_take;

/* script_begin(command, script), then the keys, script_argv(command), the arguments, a run. */
void script_begin(struct command *command, const struct script *script);
/* script_begin_task: script_begin and the keys of lib/task.lua. */
void script_begin_task(struct command *command, const struct script *script);
void script_argv(struct command *command);

/* script_run(redis, command, script, limit_ms, &reply): ERR_OK when the script says ok; its word as
 * an error (ERR_LOST, ERR_EMPTY, ...) else. limit_ms as in redis_call. The caller frees reply. */
enum err script_run(struct redis *redis, struct command *command, const struct script *script,
                    int64_t limit_ms, struct redis_reply **ret_reply);
/* script_ask: a run whose answer matters whatever the word is; script_word(reply) reads it, as an
 * error. ERR_OK: reply is there, the caller frees it. */
enum err script_ask(struct redis *redis, struct command *command, const struct script *script,
                    int64_t limit_ms, struct redis_reply **ret_reply);
enum err script_word(const struct redis_reply *reply);
/* script_do: a run of which only the word matters. */
enum err script_do(struct redis *redis, struct command *command, const struct script *script);

#endif

/* task_store: submitting. */
#include "agnostic/store/task_store.h"

#include <stdlib.h>

#include "agnostic/base/secure.h"
#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

enum { QUOTA_WINDOW_S = 60 };

static void put_keys(struct command *command, const struct task_submit *submit) {
    command_printf(command, KEYS_TASK, submit->id);
    command_printf(command, KEYS_READY, task_priority_word(submit->priority));
    command_str(command, KEYS_BELL);
    command_printf(command, KEYS_OPEN, submit->owner);
    command_str(command, KEYS_INDEX);
    command_printf(command, KEYS_INDEX_OWNER, submit->owner);
    command_str(command, KEYS_DRAIN);
    command_printf(command, KEYS_RATE, submit->owner);
    command_str(command, KEYS_SEQ);
    command_str(command, KEYS_STATS);
    command_str(command, KEYS_EXPIRY);
    command_str(command, KEYS_DELAYED);
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_printf(command, KEYS_READY, task_priority_word((enum task_priority)i));
    }
}

static void put_maybe(struct command *command, const char *string) {
    command_str(command, string != NULL ? string : "");
}

static void put_arguments(struct command *command, const struct task_submit *submit,
                          const char *idem) {
    command_str(command, submit->id);
    command_text(command, submit->record);
    command_text(command, submit->spec);
    command_str(command, submit->head);
    command_str(command, submit->middle);
    command_str(command, task_priority_word(submit->priority));
    command_str(command, submit->owner);
    command_int(command, submit->run_timeout_ms);
    command_int(command, submit->queue_max);
    command_int(command, submit->open_max);
    command_int(command, submit->per_min);
    command_int(command, submit->queue_ttl_ms);
    command_str(command, idem);
    put_maybe(command, submit->fingerprint);
    put_maybe(command, submit->unique);
    put_maybe(command, submit->retry_of);
    if (submit->callback_url.ptr != NULL) {
        command_text(command, submit->callback_url);
        if (submit->callback_secret.ptr != NULL) {
            command_text(command, submit->callback_secret);
        }
    }
}

void task_submitted_done(struct task_submitted *submitted) {
    free(submitted->record);
    *submitted = (struct task_submitted){0};
}

/* What the script gives, in order; the last three only when a task stood for the request. */
enum { SAYS_WORD, SAYS_LEFT, SAYS_RESET, SAYS_RETRY, SAYS_HOW, SAYS_ID, SAYS_RECORD };

static struct task_quota read_quota(const struct redis_reply *reply, int64_t per_min) {
    struct task_quota quota = {.limit = per_min, .window_s = QUOTA_WINDOW_S};
    (void)redis_int(redis_at(reply, SAYS_LEFT), &quota.left);
    (void)redis_int(redis_at(reply, SAYS_RESET), &quota.reset_s);
    (void)redis_int(redis_at(reply, SAYS_RETRY), &quota.retry_after_s);
    return quota;
}

/* The task that stood for the request already. */
static enum err read_known(const struct redis_reply *reply, struct task_submitted *submitted) {
    struct text how, id;
    if (!redis_text(redis_at(reply, SAYS_HOW), &how) ||
        !redis_text(redis_at(reply, SAYS_ID), &id) ||
        !text_copy(id, submitted->id, sizeof submitted->id)) {
        return ERR_DAMAGED;
    }
    submitted->how = (text_starts(how, TEXT("replayed")) ? TASK_SUBMIT_REPLAYED : 0U) |
                     (text_ends(how, TEXT("joined")) ? TASK_SUBMIT_JOINED : 0U);
    submitted->record = redis_dup(redis_at(reply, SAYS_RECORD));
    return submitted->record != NULL ? ERR_OK : ERR_NOMEM;
}

enum err task_store_submit(struct store *store, const struct task_submit *submit,
                           struct task_submitted *ret_submitted) {
    struct task_submitted submitted = {.how = TASK_SUBMIT_NEW};
    char idem[SECURE_HEX_SIZE] = "";
    struct command command;
    struct redis_reply *reply = NULL;
    enum err err = submit->idem_key.len > 0 ? secure_sha256_hex(submit->idem_key, idem) : ERR_OK;
    if (err != ERR_OK) {
        return err;
    }
    script_begin(&command, &script_submit);
    put_keys(&command, submit);
    script_argv(&command);
    put_arguments(&command, submit, idem);
    err = script_ask(store->redis, &command, &script_submit, 0, &reply);
    if (err != ERR_OK) {
        return err;
    }
    err = store_confirm(store, script_word(reply));
    submitted.quota = read_quota(reply, submit->per_min);
    text_copy(text_of(submit->id), submitted.id, sizeof submitted.id);
    if (err == ERR_OK && redis_count(reply) > SAYS_HOW) {
        err = read_known(reply, &submitted);
    }
    redis_reply_free(reply);
    *ret_submitted = submitted;
    return err;
}

/* task_store_runner: what a slot does to a task. Every write after the claim carries its token. */
#include <stdlib.h>

#include "agnostic/store/keys.h"
#include "agnostic/store/target_store.h"
#include "store/inside.h"
#include "store/script.h"

enum {
    CLAIM_SKIP_MAX = 100,  /* unusable ids one script run passes over */
    CLAIM_ROUNDS_MAX = 50, /* such runs until the slot comes back later */
    UNCLAIM_MAX = 100      /* ids; a slot holds one */
};

enum { TASK_STORE_ARTIFACT_HEAD_MAX = 256 };

static const char LOG_CUT[] = "[the rest of this log was not kept]\n";

void task_claim_done(struct task_claim *claim) {
    free(claim->spec);
    *claim = (struct task_claim){0};
}

enum err task_store_wait(struct store *store, int64_t wait_ms) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text rung;
    command_init(&command, "BRPOP");
    command_str(&command, KEYS_BELL);
    if (wait_ms < 1) {
        wait_ms = 1; /* 0 would mean: for ever */
    }
    command_printf(&command, "%lld.%03d", (long long)(wait_ms / 1000), (int)(wait_ms % 1000));
    enum err err = redis_block(store->redis, &command, wait_ms, &reply);
    if (err == ERR_OK && !redis_text(redis_at(reply, 1), &rung)) {
        err = ERR_EMPTY;
    }
    redis_reply_free(reply);
    return err;
}

/* What the claim script gives, in order. */
enum {
    CLAIM_WORD,
    CLAIM_ID,
    CLAIM_TOKEN,
    CLAIM_ATTEMPT,
    CLAIM_RUN_TIMEOUT,
    CLAIM_HEAD,
    CLAIM_MIDDLE,
    CLAIM_SPEC
};

static bool take_text(const struct redis_reply *reply, size_t index, char *dst, size_t size) {
    struct text t;
    return redis_text(redis_at(reply, index), &t) && text_copy(t, dst, size);
}

static enum err read_claim(const struct redis_reply *reply, const char *slot,
                           struct task_claim *ret_claim) {
    struct task_claim claim = {0};
    if (!take_text(reply, CLAIM_ID, claim.id, sizeof claim.id) ||
        !take_text(reply, CLAIM_TOKEN, claim.token, sizeof claim.token) ||
        !take_text(reply, CLAIM_HEAD, claim.head, sizeof claim.head) ||
        !take_text(reply, CLAIM_MIDDLE, claim.middle, sizeof claim.middle) ||
        !text_copy(text_of(slot), claim.slot, sizeof claim.slot) ||
        !redis_int(redis_at(reply, CLAIM_ATTEMPT), &claim.attempt) ||
        !redis_int(redis_at(reply, CLAIM_RUN_TIMEOUT), &claim.run_timeout_ms)) {
        return ERR_DAMAGED;
    }
    claim.spec = redis_dup(redis_at(reply, CLAIM_SPEC));
    if (claim.spec == NULL) {
        return ERR_NOMEM;
    }
    *ret_claim = claim;
    return ERR_OK;
}

static void put_claim(struct command *command, const char *slot, int64_t lease_ms) {
    script_begin_task(command, &script_claim);
    command_printf(command, KEYS_PROC, slot);
    command_str(command, KEYS_CLAIMS);
    command_str(command, KEYS_PAUSED);
    command_str(command, KEYS_SLOTS);
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++) {
        command_printf(command, KEYS_READY, task_priority_word((enum task_priority)i));
    }
    script_argv(command);
    command_str(command, slot);
    command_int(command, lease_ms);
    command_int(command, TASK_STORE_FAIR_EVERY);
    command_int(command, CLAIM_SKIP_MAX);
}

enum err task_store_claim(struct store *store, const char *slot, int64_t lease_ms,
                          struct task_claim *ret_claim) {
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < CLAIM_ROUNDS_MAX && err == ERR_CONFLICT; i++) {
        struct command command;
        struct redis_reply *reply = NULL;
        put_claim(&command, slot, lease_ms);
        err = script_run(store->redis, &command, &script_claim, 0, &reply);
        if (err == ERR_OK) {
            err = read_claim(reply, slot, ret_claim);
            redis_reply_free(reply);
        }
    }
    return err == ERR_CONFLICT ? ERR_EMPTY : err;
}

enum err task_store_unclaim(struct store *store, const char *slot, int64_t *ret_count) {
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin_task(&command, &script_unclaim);
    command_printf(&command, KEYS_PROC, slot);
    script_argv(&command);
    command_str(&command, slot);
    command_int(&command, UNCLAIM_MAX);
    enum err err = script_run(store->redis, &command, &script_unclaim, 0, &reply);
    if (err == ERR_OK && !redis_int(redis_at(reply, 1), ret_count)) {
        err = ERR_DAMAGED;
    }
    redis_reply_free(reply);
    return err;
}

/* A script on a claimed task: its first two arguments are always id and token. */
static void begin(struct command *command, const struct script *script,
                  const struct task_claim *claim) {
    script_begin_task(command, script);
    script_argv(command);
    command_str(command, claim->id);
    command_str(command, claim->token);
}

enum err task_store_beat(struct store *store, const struct task_claim *claim, int64_t lease_ms,
                         struct text progress, const struct target_hold *hold) {
    struct command command;
    script_begin_task(&command, &script_beat);
    if (hold != NULL) {
        command_printf(&command, KEYS_HOLD, hold->target);
    }
    script_argv(&command);
    command_str(&command, claim->id);
    command_str(&command, claim->token);
    command_int(&command, lease_ms);
    command_text(&command, progress);
    if (hold != NULL) {
        command_int(&command, hold->hold_ms);
    }
    return script_do(store->redis, &command, &script_beat);
}

/* The token is only there while the task runs. */
enum err task_store_look(struct store *store, const struct task_claim *claim) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text token = {0};
    command_init(&command, "HGET");
    command_printf(&command, KEYS_TASK_META, claim->id);
    command_str(&command, "token");
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && !(redis_text(reply, &token) && text_is(token, claim->token))) {
        err = ERR_LOST;
    }
    redis_reply_free(reply);
    return err;
}

enum err task_store_event(struct store *store, const struct task_claim *claim, const char *event,
                          const char *agent, const char *why) {
    struct command command;
    begin(&command, &script_event, claim);
    command_str(&command, event);
    if (agent != NULL) {
        command_str(&command, "agent");
        command_str(&command, agent);
    }
    if (why != NULL) {
        command_str(&command, "why");
        command_str(&command, why);
    }
    return script_do(store->redis, &command, &script_event);
}

enum err task_store_log(struct store *store, const struct task_claim *claim, struct text text) {
    struct command command;
    begin(&command, &script_log, claim);
    command_text(&command, text);
    command_int(&command, TASK_STORE_LOG_MAX);
    command_str(&command, LOG_CUT);
    return script_do(store->redis, &command, &script_log);
}

enum err task_store_artifact(struct store *store, const struct task_claim *claim,
                             const struct task_artifact *artifact) {
    struct command command;
    struct buf value;
    buf_init(&value, TASK_STORE_ARTIFACT_MAX + TASK_STORE_ARTIFACT_HEAD_MAX);
    buf_printf(&value, "%s\n%s\n", artifact->media_type, artifact->sha256);
    buf_puttext(&value, artifact->bytes);
    begin(&command, &script_artifact, claim);
    command_str(&command, artifact->name);
    command_text(&command, buf_text(&value));
    command_int(&command, TASK_STORE_ARTIFACTS_MAX);
    enum err err =
        value.failed ? ERR_TOO_LARGE : script_do(store->redis, &command, &script_artifact);
    buf_done(&value);
    return err;
}

static void put_note(struct command *command, const struct history_note *note) {
    command_str(command, note->session_id);
    command_text(command, note->summary);
    command_int(command, HISTORY_SESSIONS_MAX);
    command_int(command, note->days * 86400);
    for (size_t i = 0; i < note->count; i++) {
        command_str(command, note->counts[i].what);
        command_int(command, note->counts[i].n);
    }
}

enum err task_store_finish(struct store *store, const struct task_claim *claim,
                           enum task_state state, struct text result,
                           const struct history_note *note) {
    struct command command;
    script_begin_task(&command, &script_finish);
    if (note != NULL) {
        command_printf(&command, KEYS_TARGET, note->target);
    }
    script_argv(&command);
    command_str(&command, claim->id);
    command_str(&command, claim->token);
    command_str(&command, task_state_word(state));
    command_text(&command, result);
    if (note != NULL) {
        put_note(&command, note);
    }
    return script_do(store->redis, &command, &script_finish);
}

enum err task_store_retry(struct store *store, const struct task_claim *claim, int64_t delay_ms,
                          struct text result) {
    struct command command;
    begin(&command, &script_retry, claim);
    command_int(&command, delay_ms);
    command_text(&command, result);
    command_int(&command, TASK_STORE_ATTEMPTS_MAX);
    return script_do(store->redis, &command, &script_retry);
}

enum err task_store_put_off(struct store *store, const struct task_claim *claim, int64_t delay_ms) {
    struct command command;
    begin(&command, &script_put_off, claim);
    command_int(&command, delay_ms);
    return script_do(store->redis, &command, &script_put_off);
}

enum err task_store_hand_back(struct store *store, const struct task_claim *claim) {
    struct command command;
    begin(&command, &script_hand_back, claim);
    return script_do(store->redis, &command, &script_hand_back);
}

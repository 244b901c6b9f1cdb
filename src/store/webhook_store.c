/* webhook_store: callbacks that are due. Sends nothing. */
#include "agnostic/store/webhook_store.h"

#include <stdlib.h>

#include "agnostic/base/secure.h"
#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

enum { TAKE_LOOK_MAX = 100 /* entries without callback or record that one run clears away */ };

void webhook_due_done(struct webhook_due *due) {
    if (due->secret != NULL) {
        secure_wipe(due->secret, text_of(due->secret).len);
    }
    free(due->url);
    free(due->secret);
    free(due->body);
    *due = (struct webhook_due){0};
}

/* What the webhook_take script gives, in order. */
enum { TAKE_WORD, TAKE_ID, TAKE_ATTEMPT, TAKE_URL, TAKE_SECRET, TAKE_BODY };

static enum err read_due(const struct redis_reply *reply, struct webhook_due *ret_due) {
    struct webhook_due due = {0};
    struct text id, secret, body;
    if (!redis_text(redis_at(reply, TAKE_ID), &id) || !text_copy(id, due.id, sizeof due.id) ||
        !redis_text(redis_at(reply, TAKE_SECRET), &secret) ||
        !redis_text(redis_at(reply, TAKE_BODY), &body) ||
        !redis_int(redis_at(reply, TAKE_ATTEMPT), &due.attempt)) {
        return ERR_DAMAGED;
    }
    due.url = redis_dup(redis_at(reply, TAKE_URL));
    due.secret = secret.len > 0 ? text_dup(secret) : NULL;
    due.body = text_dup(body);
    due.body_len = body.len;
    if (due.url == NULL || due.body == NULL || (secret.len > 0 && due.secret == NULL)) {
        webhook_due_done(&due);
        return ERR_NOMEM;
    }
    *ret_due = due;
    return ERR_OK;
}

enum err webhook_store_take(struct store *store, struct webhook_due *ret_due) {
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin(&command, &script_webhook_take);
    command_str(&command, KEYS_WEBHOOK_DUE);
    script_argv(&command);
    command_int(&command, WEBHOOK_STORE_HOLD_MS);
    command_int(&command, KEYS_WEBHOOK_TTL_S);
    command_int(&command, TAKE_LOOK_MAX);
    enum err err = script_run(store->redis, &command, &script_webhook_take, 0, &reply);
    if (err == ERR_OK) {
        err = read_due(reply, ret_due);
    }
    redis_reply_free(reply);
    return err;
}

enum err webhook_store_done(struct store *store, const char *id, bool delivered, int http_status,
                            const char *why) {
    struct command command;
    script_begin(&command, &script_webhook_done);
    command_str(&command, KEYS_WEBHOOK_DUE);
    command_printf(&command, KEYS_WEBHOOK, id);
    script_argv(&command);
    command_str(&command, id);
    command_str(&command, delivered ? "delivered" : "failed");
    command_int(&command, http_status);
    command_str(&command, why);
    command_int(&command, KEYS_WEBHOOK_TTL_S);
    return script_do(store->redis, &command, &script_webhook_done);
}

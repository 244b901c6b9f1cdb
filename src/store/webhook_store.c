/* webhook_store: callbacks that are due, and what became of them. Sends nothing. */
#include "agnostic/store/webhook_store.h"

#include <stdlib.h>

#include "agnostic/base/secure.h"
#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

enum {
    TAKE_LOOK_MAX = 100, /* entries that one run looks at */
    TAKE_RUNS_MAX = 10   /* when all of them have to come later */
};

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
enum { TAKE_WORD, TAKE_ID, TAKE_ATTEMPT, TAKE_EVENT, TAKE_URL, TAKE_SECRET, TAKE_BODY };

static enum err read_due(const struct redis_reply *reply, struct webhook_due *ret_due) {
    struct webhook_due due = {0};
    struct text id, event, secret, body;
    if (!redis_text(redis_at(reply, TAKE_ID), &id) || !text_copy(id, due.id, sizeof due.id) ||
        !redis_text(redis_at(reply, TAKE_EVENT), &event) ||
        !text_copy(event, due.event, sizeof due.event) ||
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

/* Scripts have no randomness of their own. */
static int64_t below_1000(void) {
    uint32_t n = 0;
    return secure_random(&n, sizeof n) == ERR_OK ? n % 1000 : 500;
}

static enum err take_once(struct store *store, const char *schedule, struct webhook_due *ret_due) {
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin(&command, &script_webhook_take);
    command_str(&command, KEYS_WEBHOOK_DUE);
    command_str(&command, KEYS_WEBHOOK_BUSY);
    script_argv(&command);
    command_int(&command, WEBHOOK_STORE_HOLD_MS);
    command_int(&command, TAKE_LOOK_MAX);
    command_str(&command, schedule);
    command_int(&command, WEBHOOK_STORE_MAX);
    command_int(&command, WEBHOOK_STORE_HOST_MAX);
    command_int(&command, below_1000());
    enum err err = script_run(store->redis, &command, &script_webhook_take, 0, &reply);
    if (err == ERR_OK) {
        err = read_due(reply, ret_due);
    }
    redis_reply_free(reply);
    return err;
}

enum err webhook_store_take(struct store *store, const char *schedule,
                            struct webhook_due *ret_due) {
    enum err err = ERR_CONFLICT; /* once more */
    for (int i = 0; err == ERR_CONFLICT && i < TAKE_RUNS_MAX; i++) {
        err = take_once(store, schedule, ret_due);
    }
    return err == ERR_CONFLICT ? ERR_EMPTY : err;
}

enum err webhook_store_done(struct store *store, const char *id, int64_t attempt,
                            const struct webhook_report *report, const char *schedule) {
    static const char *const RESULTS[] = {
        [WEBHOOK_DELIVERED] = "delivered",
        [WEBHOOK_FAILED] = "failed",
        [WEBHOOK_GONE] = "gone",
        [WEBHOOK_BLOCKED] = "blocked",
    };
    struct command command;
    script_begin(&command, &script_webhook_done);
    command_str(&command, KEYS_WEBHOOK_DUE);
    command_str(&command, KEYS_WEBHOOK_BUSY);
    command_printf(&command, KEYS_WEBHOOK, id);
    script_argv(&command);
    command_str(&command, id);
    command_int(&command, attempt);
    command_str(&command, RESULTS[report->result]);
    command_int(&command, report->http_status);
    command_str(&command, report->why);
    command_int(&command, report->ms);
    command_str(&command, report->ip[0] != '\0' ? report->ip : "-");
    command_int(&command, report->retry_after_s);
    command_str(&command, report->head);
    command_str(&command, schedule);
    command_int(&command, below_1000());
    return script_do(store->redis, &command, &script_webhook_done);
}

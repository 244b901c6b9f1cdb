/* webhook_store_view: what is known of a callback, another attempt, a test. Never reads what holds
 * the secret (task:<id>:cb). */
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "agnostic/store/keys.h"
#include "agnostic/store/webhook_store.h"
#include "store/inside.h"
#include "store/script.h"

enum { ACCOUNT_FIELDS_MAX = 64 }; /* names and values that are looked at, beside the entries */

/* --- reading --------------------------------------------------------------------------- */

static int64_t number_of(struct text text) {
    uint64_t n;
    return text_u64(text, INT64_MAX, &n) ? (int64_t)n : 0;
}

/* What no calendar knows would overflow where it is written out. */
static int64_t moment_of(struct text text) {
    int64_t ms = number_of(text);
    return ms / 1000 <= 253402300799 ? ms : 0;
}

/* "at_ms status ms ip why head" */
static bool read_entry(struct text text, struct webhook_entry *entry) {
    struct text part[5];
    for (size_t i = 0; i < 5; i++) {
        if (!text_cut(&text, ' ', &part[i])) {
            return false;
        }
    }
    entry->at_ms = moment_of(part[0]);
    entry->report.http_status = (int)(number_of(part[1]) % 1000);
    entry->report.ms = number_of(part[2]);
    text_copy(text_is(part[3], "-") ? TEXT("") : part[3], entry->report.ip,
              sizeof entry->report.ip);
    text_copy(part[4], entry->report.why, sizeof entry->report.why);
    text_copy(text, entry->report.head, sizeof entry->report.head);
    return true;
}

static void read_field(struct text name, struct text value, struct webhook_view *view) {
    struct webhook_entry entry = {0};
    if (text_is(name, "state")) {
        text_copy(value, view->state, sizeof view->state);
    } else if (text_is(name, "attempt")) {
        view->attempts = number_of(value);
    } else if (text_is(name, "due_ms")) {
        view->due_ms = moment_of(value);
    } else if (text_is(name, "ping")) {
        text_copy(value, view->ping_owner, sizeof view->ping_owner);
    } else if (name.len > 1 && name.ptr[0] == 'a' && view->count < WEBHOOK_STORE_ENTRIES) {
        entry.attempt = number_of(text_make(name.ptr + 1, name.len - 1));
        if (entry.attempt > 0 && read_entry(value, &entry)) {
            view->entries[view->count++] = entry;
        }
    }
}

static int by_attempt(const void *a, const void *b) {
    const struct webhook_entry *x = a, *y = b;
    return x->attempt < y->attempt ? -1 : x->attempt > y->attempt;
}

static void read_account(const struct redis_reply *account, struct webhook_view *view) {
    size_t count = redis_count(account);
    struct text name, value;
    for (size_t i = 0; i + 1 < count && i < 2 * (WEBHOOK_STORE_ENTRIES + ACCOUNT_FIELDS_MAX);
         i += 2) {
        if (redis_text(redis_at(account, i), &name) &&
            redis_text(redis_at(account, i + 1), &value)) {
            read_field(name, value, view);
        }
    }
    qsort(view->entries, view->count, sizeof view->entries[0], by_attempt);
}

enum { ASK_ACCOUNT, ASK_CALLBACK, ASK__COUNT };

enum err webhook_store_view(struct store *store, const char *id, struct webhook_view *ret_view) {
    struct command commands[ASK__COUNT];
    struct redis_reply *replies[ASK__COUNT] = {NULL};
    int64_t there = 0;
    command_init(&commands[ASK_ACCOUNT], "HGETALL");
    command_printf(&commands[ASK_ACCOUNT], KEYS_WEBHOOK, id);
    command_init(&commands[ASK_CALLBACK], "EXISTS");
    command_printf(&commands[ASK_CALLBACK], KEYS_TASK_CALLBACK, id);
    enum err err = redis_calls(store->redis, commands, ASK__COUNT, replies);
    if (err == ERR_OK) {
        *ret_view = (struct webhook_view){0};
        read_account(replies[ASK_ACCOUNT], ret_view);
        redis_int(replies[ASK_CALLBACK], &there);
        ret_view->exists = there > 0 || ret_view->state[0] != '\0';
        if (ret_view->state[0] == '\0') {
            text_copy(ret_view->exists ? TEXT("pending") : TEXT("none"), ret_view->state,
                      sizeof ret_view->state);
        }
    }
    for (size_t i = 0; i < ASK__COUNT; i++) {
        redis_reply_free(replies[i]);
    }
    return err;
}

/* --- asking for attempts ----------------------------------------------------------------- */

enum err webhook_store_again(struct store *store, const char *id) {
    struct command command;
    script_begin(&command, &script_webhook_again);
    command_str(&command, KEYS_WEBHOOK_DUE);
    command_printf(&command, KEYS_WEBHOOK, id);
    command_printf(&command, KEYS_TASK_META, id);
    script_argv(&command);
    command_str(&command, id);
    return store_confirm(store, script_do(store->redis, &command, &script_webhook_again));
}

static void put_ping(const struct webhook_ping *ping, const char *idem, struct command *command) {
    script_begin(command, &script_webhook_ping);
    command_str(command, KEYS_WEBHOOK_DUE);
    command_printf(command, KEYS_WEBHOOK, ping->id);
    command_printf(command, KEYS_PINGS, ping->owner);
    script_argv(command);
    command_str(command, ping->id);
    command_str(command, ping->owner);
    command_text(command, ping->url);
    command_text(command, ping->secret);
    command_text(command, ping->body);
    command_int(command, WEBHOOK_STORE_PING_TTL_S);
    command_int(command, WEBHOOK_STORE_PINGS_MAX);
    command_str(command, idem);
    command_str(command, ping->fingerprint);
}

enum err webhook_store_ping(struct store *store, const struct webhook_ping *ping,
                            char ret_id[static 101], bool *ret_replayed) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text id;
    char idem[SECURE_HEX_SIZE] = "";
    enum err err = ping->idem_key.len > 0 ? secure_sha256_hex(ping->idem_key, idem) : ERR_OK;
    if (err != ERR_OK) {
        return err;
    }
    put_ping(ping, idem, &command);
    err = script_ask(store->redis, &command, &script_webhook_ping, 0, &reply);
    if (err == ERR_OK) {
        err = store_confirm(store, script_word(reply));
    }
    bool replayed = err == ERR_ALREADY_CREATED;
    if (err == ERR_OK || replayed) {
        *ret_replayed = replayed;
        err = redis_text(redis_at(reply, 1), &id) && text_copy(id, ret_id, 101) ? ERR_OK
                                                                                : ERR_DAMAGED;
    }
    redis_reply_free(reply);
    return err;
}

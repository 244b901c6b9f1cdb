/* task_view_read: what a poll needs, credential and task, in one round trip; what became of a task
 * whose record is missing, in another. */
#include <stdlib.h>

#include "agnostic/base/id.h"
#include "agnostic/store/keys.h"
#include "agnostic/store/task_view.h"
#include "store/access_query.h"
#include "store/inside.h"
#include "store/script.h"

/* The commands of a read, in order; a smaller part stops earlier. */
enum { ASK_RECORD, ASK_META, ASK_SPEC, ASK_EXPIRY, ASK_CREDENTIAL, ASK__COUNT };

static const int64_t MOMENT_MAX_S = 253402300799; /* the end of the year 9999 */

/* The fields of the meta hash, in the order asked for. */
enum {
    META_OWNER,
    META_PRIORITY,
    META_ATTEMPT,
    META_FAILS,
    META_CRASHES,
    META_CREATED,
    META_STARTED,
    META_FINISHED,
    META_READY,
    META_SLOT,
    META_PROGRESS,
    META_RETRY_OF,
    META_RETRIED_AS,
    META_SEQ,
    META__COUNT
};
static const char *const META[META__COUNT] = {
    [META_OWNER] = "owner",           [META_PRIORITY] = "prio",
    [META_ATTEMPT] = "attempt",       [META_FAILS] = "fails",
    [META_CRASHES] = "crashes",       [META_CREATED] = "created_ms",
    [META_STARTED] = "started_ms",    [META_FINISHED] = "finished_ms",
    [META_READY] = "ready_ms",        [META_SLOT] = "slot",
    [META_PROGRESS] = "progress",     [META_RETRY_OF] = "retry_of",
    [META_RETRIED_AS] = "retried_as", [META_SEQ] = "seq",
};

void task_view_done(struct task_view *view) {
    free(view->record);
    free(view->spec);
    *view = (struct task_view){0};
}

static size_t put_task(struct command *commands, const char *id, enum task_view_part part) {
    size_t fields = part == TASK_VIEW_OWNER ? META_OWNER + 1 : META__COUNT;
    command_init(&commands[ASK_RECORD], "GET");
    command_printf(&commands[ASK_RECORD], KEYS_TASK, id);
    if (part == TASK_VIEW_RECORD) {
        return ASK_META;
    }
    command_init(&commands[ASK_META], "HMGET");
    command_printf(&commands[ASK_META], KEYS_TASK_META, id);
    for (size_t i = 0; i < fields; i++) {
        command_str(&commands[ASK_META], META[i]);
    }
    if (part == TASK_VIEW_OWNER) {
        return ASK_SPEC;
    }
    command_init(&commands[ASK_SPEC], "GET");
    command_printf(&commands[ASK_SPEC], KEYS_TASK_SPEC, id);
    command_init(&commands[ASK_EXPIRY], "EXPIRETIME");
    command_printf(&commands[ASK_EXPIRY], KEYS_TASK, id);
    return ASK_CREDENTIAL;
}

static int64_t meta_int(const struct redis_reply *meta, size_t field) {
    int64_t n = 0;
    return redis_int(redis_at(meta, field), &n) ? n : 0;
}

/* What no calendar knows would overflow where it is written out. */
static int64_t meta_ms(const struct redis_reply *meta, size_t field) {
    int64_t ms = meta_int(meta, field);
    return ms >= 0 && ms / 1000 <= MOMENT_MAX_S ? ms : 0;
}

static void meta_text(const struct redis_reply *meta, size_t field, char *dst, size_t size) {
    struct text t;
    if (redis_text(redis_at(meta, field), &t)) {
        text_copy(t, dst, size);
    }
}

static void read_meta(const struct redis_reply *meta, struct task_view *view) {
    struct text priority;
    meta_text(meta, META_OWNER, view->owner, sizeof view->owner);
    meta_text(meta, META_SLOT, view->slot, sizeof view->slot);
    meta_text(meta, META_PROGRESS, view->progress, sizeof view->progress);
    meta_text(meta, META_RETRY_OF, view->retry_of, sizeof view->retry_of);
    meta_text(meta, META_RETRIED_AS, view->retried_as, sizeof view->retried_as);
    view->priority = TASK_MEDIUM;
    if (redis_text(redis_at(meta, META_PRIORITY), &priority)) {
        task_priority_read(priority, &view->priority);
    }
    view->seq = meta_int(meta, META_SEQ);
    view->attempt = meta_int(meta, META_ATTEMPT);
    view->fails = meta_int(meta, META_FAILS);
    view->crashes = meta_int(meta, META_CRASHES);
    view->created_ms = meta_ms(meta, META_CREATED);
    view->started_ms = meta_ms(meta, META_STARTED);
    view->finished_ms = meta_ms(meta, META_FINISHED);
    view->ready_ms = meta_ms(meta, META_READY);
}

/* The replies that were not asked for are NULL and read as nothing. */
static enum err read_view(const struct redis_reply *const *replies, struct task_view *ret_view) {
    struct task_view view = {0};
    struct text record;
    read_meta(replies[ASK_META], &view);
    if (redis_text(replies[ASK_RECORD], &record)) {
        view.found = true;
        view.record_len = record.len;
        view.record = text_dup(record);
    }
    view.spec = redis_dup(replies[ASK_SPEC]);
    int64_t expiry_s;
    if (redis_int(replies[ASK_EXPIRY], &expiry_s) && expiry_s > 0 && expiry_s <= MOMENT_MAX_S) {
        view.expires_at_s = expiry_s;
    }
    struct text spec;
    if ((view.found && view.record == NULL) ||
        (redis_text(replies[ASK_SPEC], &spec) && view.spec == NULL)) {
        task_view_done(&view);
        return ERR_NOMEM;
    }
    *ret_view = view;
    return ERR_OK;
}

/* The common poll, an API key that exists and a record, as one MGET: half the work for Redis.
 * ERR_EMPTY when one of them is missing; MGET does not tell absent from damaged. */
static enum err read_with_key(struct store *store, const struct access_query *query, const char *id,
                              struct access_answer *ret_answer, struct task_view *ret_view) {
    struct command command;
    struct redis_reply *both;
    struct text record, value;
    command_init(&command, "MGET");
    command_printf(&command, KEYS_API_KEY, query->digest);
    command_printf(&command, KEYS_TASK, id);
    enum err err = redis_call(store->redis, &command, 0, &both);
    if (err != ERR_OK) {
        return err;
    }
    struct access_answer answer = {0};
    const struct redis_reply *replies[ASK__COUNT] = {[ASK_RECORD] = redis_at(both, 1)};
    err = redis_text(redis_at(both, 0), &value) && redis_text(redis_at(both, 1), &record)
              ? access_query_read(query, redis_at(both, 0), &answer)
              : ERR_EMPTY;
    if (err == ERR_OK) {
        err = read_view(replies, ret_view);
    }
    if (err == ERR_OK) {
        *ret_answer = answer;
    } else {
        access_answer_done(&answer);
    }
    redis_reply_free(both);
    return err;
}

static enum err read_parts(struct store *store, const struct access_query *query, const char *id,
                           enum task_view_part part, struct access_answer *ret_answer,
                           struct task_view *ret_view) {
    struct command commands[ASK__COUNT];
    struct redis_reply *replies[ASK__COUNT] = {NULL};
    struct access_answer answer = {0};
    size_t count = put_task(commands, id, part);
    bool asked = access_query_put(query, &commands[count]);
    enum err err = redis_calls(store->redis, commands, count + asked, replies);
    if (err == ERR_OK && asked) {
        struct redis_reply *credential = replies[count];
        replies[count] = NULL;
        err = access_query_read(query, credential, &answer);
        redis_reply_free(credential);
    }
    if (err == ERR_OK) {
        err = read_view((const struct redis_reply *const *)replies, ret_view);
    }
    if (err == ERR_OK) {
        *ret_answer = answer;
    } else {
        access_answer_done(&answer);
    }
    for (size_t i = 0; i < ASK__COUNT; i++) {
        redis_reply_free(replies[i]);
    }
    return err;
}

static enum err read_once(struct store *store, const struct access_query *query, const char *id,
                          enum task_view_part part, struct access_answer *ret_answer,
                          struct task_view *ret_view) {
    enum err err = ERR_EMPTY;
    if (part == TASK_VIEW_RECORD && query->kind == ACCESS_API_KEY) {
        err = read_with_key(store, query, id, ret_answer, ret_view);
    }
    return err != ERR_EMPTY ? err : read_parts(store, query, id, part, ret_answer, ret_view);
}

/* A task without a record: does it live, or was it there? */
static enum err ask_traces(struct store *store, const char *id, bool *ret_lives, bool *ret_gone) {
    struct command commands[2];
    struct redis_reply *replies[2] = {NULL};
    struct text word;
    enum task_state state;
    command_init(&commands[0], "HGET");
    command_printf(&commands[0], KEYS_TASK_META, id);
    command_str(&commands[0], "state");
    command_init(&commands[1], "EXISTS");
    command_printf(&commands[1], KEYS_GONE, id);
    enum err err = redis_calls(store->redis, commands, 2, replies);
    if (err == ERR_OK) {
        int64_t gone = 0;
        *ret_lives = redis_text(replies[0], &word) && task_state_read(word, &state) &&
                     !task_state_is_terminal(state);
        *ret_gone = redis_int(replies[1], &gone) && gone != 0;
    }
    redis_reply_free(replies[0]);
    redis_reply_free(replies[1]);
    return err;
}

static enum err rearm(struct store *store, const char *id) {
    struct command command;
    script_begin_task(&command, &script_rearm);
    script_argv(&command);
    command_str(&command, id);
    return script_do(store->redis, &command, &script_rearm);
}

/* The record of a task that lives is written again and read; else the view says whether the task
 * was there once. */
static enum err trace(struct store *store, const char *id, enum task_view_part part,
                      struct task_view *view) {
    static const struct access_query NOBODY = {.kind = ACCESS_NOTHING};
    struct access_answer nothing;
    struct task_view again;
    bool lives, gone;
    enum err err = ask_traces(store, id, &lives, &gone);
    if (err != ERR_OK || !lives) {
        view->gone = err == ERR_OK && gone;
        return err;
    }
    err = rearm(store, id);
    if (err == ERR_OK) {
        err = read_parts(store, &NOBODY, id, part, &nothing, &again);
    }
    if (err == ERR_OK) {
        task_view_done(view);
        *view = again;
    }
    return err;
}

enum err task_view_read(struct store *store, const struct access_query *query, const char *id,
                        enum task_view_part part, struct access_answer *ret_answer,
                        struct task_view *ret_view) {
    struct access_answer answer = {0};
    struct task_view view = {0};
    enum err err = read_once(store, query, id, part, &answer, &view);
    /* Ids of another form are the original's: our Redis user may be kept from what is around them.
     * And who shows a key that does not exist has nothing to learn. */
    if (err == ERR_OK && !view.found && id_is_uuid(text_of(id)) &&
        (query->kind != ACCESS_API_KEY || answer.found)) {
        err = trace(store, id, part, &view);
    }
    if (err != ERR_OK) {
        access_answer_done(&answer);
        task_view_done(&view);
        return err;
    }
    *ret_answer = answer;
    *ret_view = view;
    return ERR_OK;
}

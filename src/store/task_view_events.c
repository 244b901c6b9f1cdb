/* task_view_events: the history of a task, as far as it goes, and as it comes. */
#include "agnostic/store/keys.h"
#include "agnostic/store/task_view.h"
#include "store/inside.h"

bool task_event_id(struct text text) {
    struct text rest = text, part;
    uint64_t n;
    int parts = 0;
    while (text.len > 0 && text_cut(&rest, '-', &part)) {
        if (++parts > 2 || !text_u64(part, UINT64_MAX, &n)) {
            return false;
        }
    }
    return parts > 0 && text.len < TASK_EVENT_ID_SIZE;
}

static int64_t moment_of(struct text id) {
    struct text ms;
    uint64_t n;
    return text_cut(&id, '-', &ms) && text_u64(ms, INT64_MAX / 1000, &n) ? (int64_t)n : 0;
}

/* [id, [name, value, name, value, ...]] */
static bool read_event(const struct redis_reply *reply, struct task_event_row *ret_row) {
    const struct redis_reply *words = redis_at(reply, 1);
    struct task_event_row row = {0};
    struct text name, value, id;
    if (!redis_text(redis_at(reply, 0), &id) || !text_copy(id, row.id, sizeof row.id)) {
        return false;
    }
    row.at_ms = moment_of(id);
    for (size_t i = 0; i + 1 < redis_count(words) && row.count < TASK_EVENT_FIELDS_MAX; i += 2) {
        if (!redis_text(redis_at(words, i), &name) || !redis_text(redis_at(words, i + 1), &value)) {
            return false;
        }
        if (text_is(name, "ev")) {
            row.event = value;
        } else {
            row.names[row.count] = name;
            row.values[row.count++] = value;
        }
    }
    *ret_row = row;
    return true;
}

static void put_read(struct command *command, const char *id, const char *after, int64_t count,
                     int64_t wait_ms) {
    command_init(command, "XREAD");
    command_str(command, "COUNT");
    command_int(command, count);
    if (wait_ms > 0) {
        command_str(command, "BLOCK");
        command_int(command, wait_ms);
    }
    command_str(command, "STREAMS");
    command_printf(command, KEYS_TASK_EVENTS, id);
    command_str(command, after[0] != '\0' ? after : "0");
}

enum err task_view_events(struct store *store, const char *id, const char *after, int64_t count,
                          int64_t wait_ms,
                          void (*visit)(void *ctx, const struct task_event_row *row), void *ctx) {
    struct command command;
    struct redis_reply *reply = NULL;
    put_read(&command, id, after, count, wait_ms);
    enum err err = wait_ms > 0 ? redis_block(store->redis, &command, wait_ms, &reply)
                               : redis_call(store->redis, &command, 0, &reply);
    if (err != ERR_OK) {
        return err == ERR_EMPTY ? ERR_OK : err; /* a signal came first */
    }
    const struct redis_reply *rows = redis_at(redis_at(reply, 0), 1);
    for (size_t i = 0; i < redis_count(rows); i++) {
        struct task_event_row row;
        if (read_event(redis_at(rows, i), &row)) {
            visit(ctx, &row);
        }
    }
    redis_reply_free(reply);
    return ERR_OK;
}

enum err task_view_last_event(struct store *store, const char *id,
                              char dst[static TASK_EVENT_ID_SIZE]) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text last;
    command_init(&command, "XREVRANGE");
    command_printf(&command, KEYS_TASK_EVENTS, id);
    command_str(&command, "+");
    command_str(&command, "-");
    command_str(&command, "COUNT");
    command_int(&command, 1);
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && !(redis_text(redis_at(redis_at(reply, 0), 0), &last) &&
                           text_copy(last, dst, TASK_EVENT_ID_SIZE))) {
        dst[0] = '\0';
    }
    redis_reply_free(reply);
    return err;
}

/* history_store: reads what finished tasks are remembered by. */
#include "agnostic/store/history_store.h"

#include "agnostic/base/time.h"
#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

enum { DATE_SIZE = sizeof "YYYY-MM-DD" };

enum err history_store_session(struct store *store, const char *session_id, struct buf *summary,
                               struct buf *owner) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text kept, whose = {0};
    command_init(&command, "HMGET");
    command_printf(&command, KEYS_SESSION, session_id);
    command_str(&command, "summary");
    command_str(&command, "owner");
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err != ERR_OK) {
        return err;
    }
    if (redis_text(redis_at(reply, 0), &kept)) {
        (void)redis_text(redis_at(reply, 1), &whose);
        buf_puttext(summary, kept);
        if (owner != NULL) {
            buf_puttext(owner, whose);
        }
        err = summary->failed || (owner != NULL && owner->failed) ? ERR_NOMEM : ERR_OK;
    } else {
        err = ERR_NO_SESSION;
    }
    redis_reply_free(reply);
    return err;
}

/* --- of one target ------------------------------------------------------------------------ */

static enum err visit_one(struct store *store, struct text session_id,
                          bool (*visit)(void *ctx, struct text summary, struct text owner),
                          void *ctx, bool *ret_more) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text summary, owner = TEXT("");
    command_init(&command, "HMGET");
    command_printf(&command, KEYS_SESSION, session_id.ptr);
    command_str(&command, "summary");
    command_str(&command, "owner");
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK && redis_text(redis_at(reply, 0), &summary)) {
        (void)redis_text(redis_at(reply, 1), &owner);
        *ret_more = visit(ctx, summary, owner);
    }
    redis_reply_free(reply);
    return err;
}

enum err history_store_target(struct store *store, const char *target, int64_t max,
                              bool (*visit)(void *ctx, struct text summary, struct text owner),
                              void *ctx) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text id;
    bool more = true;
    command_init(&command, "ZRANGE");
    command_printf(&command, KEYS_TARGET, target);
    command_int(&command, 0);
    command_int(&command, max - 1);
    command_str(&command, "REV");
    enum err err = redis_call(store->redis, &command, 0, &reply);
    for (size_t i = 0; err == ERR_OK && more && i < redis_count(reply); i++) {
        if (redis_text(redis_at(reply, i), &id)) {
            err = visit_one(store, id, visit, ctx, &more);
        }
    }
    redis_reply_free(reply);
    return err;
}

/* --- by day ------------------------------------------------------------------------------- */

/* The day so many days before today. */
static void date_of(int64_t days_ago, char dst[static DATE_SIZE]) {
    char iso[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us() - days_ago * 86400000000, iso);
    text_copy(text_make(iso, DATE_SIZE - 1), dst, DATE_SIZE);
}

/* What is counted there; strings live as long as reply. */
static size_t read_counts(const struct redis_reply *reply,
                          struct history_count counts[static HISTORY_COUNTS_MAX]) {
    size_t count = 0;
    struct text what;
    for (size_t i = 0; i + 1 < redis_count(reply) && count < HISTORY_COUNTS_MAX; i += 2) {
        if (redis_text(redis_at(reply, i), &what) &&
            redis_int(redis_at(reply, i + 1), &counts[count].n)) {
            counts[count++].what = what.ptr;
        }
    }
    return count;
}

enum err history_store_days(struct store *store, int64_t days,
                            void (*visit)(void *ctx, const char *date,
                                          const struct history_count *counts, size_t count),
                            void *ctx) {
    struct history_count counts[HISTORY_COUNTS_MAX];
    char dates[HISTORY_DAYS_MAX][DATE_SIZE];
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin(&command, &script_days);
    script_argv(&command);
    for (int64_t i = 0; i < days && i < HISTORY_DAYS_MAX; i++) {
        date_of(days - 1 - i, dates[i]);
        command_str(&command, dates[i]);
    }
    enum err err = script_run(store->redis, &command, &script_days, 0, &reply);
    if (err != ERR_OK) {
        return err;
    }
    for (int64_t i = 0; i < days && i < HISTORY_DAYS_MAX; i++) {
        size_t count = read_counts(redis_at(reply, (size_t)i + 1), counts);
        if (count > 0) {
            visit(ctx, dates[i], counts, count);
        }
    }
    redis_reply_free(reply);
    return ERR_OK;
}

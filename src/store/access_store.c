/* access_store: API keys and revoked tokens. Knows how they are kept, not what they allow. */
#include "agnostic/store/access_store.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/store/keys.h"
#include "store/access_query.h"
#include "store/inside.h"
#include "store/script.h"

enum { LIST_PAGE = 100 /* ids per MGET */ };

enum err access_store_find(struct store *store, const struct access_query *query,
                           struct access_answer *ret_answer) {
    struct command command;
    struct redis_reply *reply = NULL;
    if (!access_query_put(query, &command)) {
        *ret_answer = (struct access_answer){0};
        return ERR_OK;
    }
    enum err err = redis_call(store->redis, &command, 0, &reply);
    if (err == ERR_OK) {
        err = access_query_read(query, reply, ret_answer);
    }
    redis_reply_free(reply);
    return err;
}

enum err access_store_create(struct store *store, const char *hash, const char *id,
                             struct text record) {
    struct command command;
    script_begin(&command, &script_access_create);
    command_printf(&command, KEYS_API_KEY, hash);
    command_printf(&command, KEYS_API_KEY_ID, id);
    command_str(&command, KEYS_API_KEYS);
    script_argv(&command);
    command_text(&command, record);
    command_str(&command, hash);
    command_str(&command, id);
    return script_do(store->redis, &command, &script_access_create);
}

enum err access_store_revoke(struct store *store, const char *id) {
    struct command command;
    script_begin(&command, &script_access_revoke);
    command_printf(&command, KEYS_API_KEY_ID, id);
    command_str(&command, KEYS_API_KEYS);
    script_argv(&command);
    command_str(&command, id);
    return script_do(store->redis, &command, &script_access_revoke);
}

/* --- listing: ids, then their hashes, then the records, a page at a time -------------- */

struct lister {
    struct store *store;
    void (*visit)(void *ctx, struct text record);
    void *ctx;
};

static int compare(const void *a, const void *b) {
    const struct text *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = memcmp(x->ptr, y->ptr, len);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* MGET of keys "<prefix><name>"; names without room in the command are not asked for. */
static enum err get_all(struct store *store, const char *prefix, const struct text *names,
                        size_t count, struct redis_reply **ret_reply) {
    enum { KEY_MAX = 88 };
    struct command command;
    char keys[LIST_PAGE][KEY_MAX];
    size_t head = strlen(prefix);
    command_init(&command, "MGET");
    for (size_t i = 0; i < count; i++) {
        size_t len = names[i].len < KEY_MAX - head ? names[i].len : 0;
        memcpy(keys[i], prefix, head);
        memcpy(keys[i] + head, names[i].ptr, len);
        command_text(&command, text_make(keys[i], head + len));
    }
    return redis_call(store->redis, &command, 0, ret_reply);
}

/* The strings of a reply; anything else is left out. */
static size_t texts(const struct redis_reply *reply, struct text *dst, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < redis_count(reply) && count < max; i++) {
        count += redis_text(redis_at(reply, i), &dst[count]);
    }
    return count;
}

static enum err list_page(const struct lister *lister, const struct text *ids, size_t count) {
    struct redis_reply *hashes = NULL, *records = NULL;
    struct text found[LIST_PAGE];
    enum err err = get_all(lister->store, "api_key_id:", ids, count, &hashes);
    size_t known = texts(hashes, found, LIST_PAGE);
    if (err == ERR_OK && known > 0) {
        err = get_all(lister->store, "api_key:", found, known, &records);
    }
    known = texts(records, found, LIST_PAGE);
    for (size_t i = 0; i < known; i++) {
        lister->visit(lister->ctx, found[i]);
    }
    redis_reply_free(hashes);
    redis_reply_free(records);
    return err;
}

static enum err list_ids(const struct lister *lister, const struct redis_reply *index) {
    struct text *ids = calloc(ACCESS_LIST_MAX, sizeof *ids);
    if (ids == NULL) {
        return ERR_NOMEM;
    }
    size_t count = texts(index, ids, ACCESS_LIST_MAX);
    qsort(ids, count, sizeof *ids, compare);
    enum err err = ERR_OK;
    for (size_t i = 0; i < count && err == ERR_OK; i += LIST_PAGE) {
        err = list_page(lister, ids + i, count - i < LIST_PAGE ? count - i : LIST_PAGE);
    }
    free(ids);
    return err;
}

enum err access_store_list(struct store *store, void (*visit)(void *ctx, struct text record),
                           void *ctx) {
    struct lister lister = {store, visit, ctx};
    struct command command;
    struct redis_reply *index = NULL;
    command_init(&command, "SMEMBERS");
    command_str(&command, KEYS_API_KEYS);
    enum err err = redis_call(store->redis, &command, 0, &index);
    if (err == ERR_OK) {
        err = list_ids(&lister, index);
    }
    redis_reply_free(index);
    return err;
}

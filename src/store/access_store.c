/* access_store: API keys and revoked tokens. Knows how they are kept, not what they allow. */
#include "agnostic/store/access_store.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/store/keys.h"
#include "store/access_query.h"
#include "store/inside.h"
#include "store/script.h"

enum {
    LIST_PAGE = 25,     /* ids per MGET, so that their keys fit a command */
    LIST_NAME_MAX = 64, /* bytes of an id or hash; a longer one is not of ours */
};

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

enum err access_store_create_once(struct store *store, const char *hash, const char *id,
                                  struct text record, const struct access_once *once,
                                  char ret_made[static APIKEY_ID_SIZE]) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct text made;
    char idem[SECURE_HEX_SIZE] = "";
    enum err err = once->idem_key.len > 0 ? secure_sha256_hex(once->idem_key, idem) : ERR_OK;
    if (err != ERR_OK) {
        return err;
    }
    script_begin(&command, &script_access_create);
    command_printf(&command, KEYS_API_KEY, hash);
    command_printf(&command, KEYS_API_KEY_ID, id);
    command_str(&command, KEYS_API_KEYS);
    script_argv(&command);
    command_text(&command, record);
    command_str(&command, hash);
    command_str(&command, id);
    command_str(&command, once->owner);
    command_str(&command, idem);
    command_str(&command, once->fingerprint);
    err = script_ask(store->redis, &command, &script_access_create, 0, &reply);
    if (err == ERR_OK) {
        err = store_confirm(store, script_word(reply));
    }
    if (err == ERR_ALREADY_CREATED &&
        !(redis_text(redis_at(reply, 1), &made) && text_copy(made, ret_made, APIKEY_ID_SIZE))) {
        err = ERR_DAMAGED;
    }
    redis_reply_free(reply);
    return err;
}

enum err access_store_create(struct store *store, const char *hash, const char *id,
                             struct text record) {
    static const struct access_once AS_OFTEN_AS_ASKED = {"", "", TEXT("")};
    char made[APIKEY_ID_SIZE];
    return access_store_create_once(store, hash, id, record, &AS_OFTEN_AS_ASKED, made);
}

enum err access_store_revoke(struct store *store, const char *id) {
    struct command command;
    script_begin(&command, &script_access_revoke);
    command_printf(&command, KEYS_API_KEY_ID, id);
    command_str(&command, KEYS_API_KEYS);
    script_argv(&command);
    command_str(&command, id);
    return store_confirm(store, script_do(store->redis, &command, &script_access_revoke));
}

/* --- listing: ids, then their hashes, then the records, a page at a time -------------- */

struct lister {
    struct store *store;
    void (*visit)(void *ctx, struct text record);
    void *ctx;
};

static int compare(const void *a, const void *b) {
    const struct text *x = a, *y = b;
    return text_order(*x, *y);
}

/* The strings of a reply that are not longer than max_len. */
static size_t texts(const struct redis_reply *reply, size_t max_len, struct text *dst, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < redis_count(reply) && count < max; i++) {
        count += redis_text(redis_at(reply, i), &dst[count]) && dst[count].len <= max_len;
    }
    return count;
}

static enum err get_hashes(struct store *store, const struct text *ids, size_t count,
                           struct redis_reply **ret_reply) {
    struct command command;
    command_init(&command, "MGET");
    for (size_t i = 0; i < count; i++) {
        command_printf(&command, KEYS_API_KEY_ID, ids[i].ptr);
    }
    return redis_call(store->redis, &command, 0, ret_reply);
}

static enum err get_records(struct store *store, const struct text *hashes, size_t count,
                            struct redis_reply **ret_reply) {
    struct command command;
    command_init(&command, "MGET");
    for (size_t i = 0; i < count; i++) {
        command_printf(&command, KEYS_API_KEY, hashes[i].ptr);
    }
    return redis_call(store->redis, &command, 0, ret_reply);
}

static enum err list_page(const struct lister *lister, const struct text *ids, size_t count) {
    struct redis_reply *hashes = NULL, *records = NULL;
    struct text found[LIST_PAGE];
    enum err err = get_hashes(lister->store, ids, count, &hashes);
    size_t known = texts(hashes, LIST_NAME_MAX, found, LIST_PAGE);
    if (err == ERR_OK && known > 0) {
        err = get_records(lister->store, found, known, &records);
    }
    known = texts(records, SIZE_MAX, found, LIST_PAGE);
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
    size_t count = texts(index, LIST_NAME_MAX, ids, ACCESS_LIST_MAX);
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

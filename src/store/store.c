/* store: the connection as programs see it. */
#include "agnostic/store/store.h"

#include <stdlib.h>

#include "store/inside.h"

enum err store_new(const char *url, int64_t timeout_ms, struct store **ret_store,
                   struct fault *ret_fault) {
    struct redis_url parts;
    enum err err = redis_url_read(url, &parts, ret_fault);
    if (err != ERR_OK) {
        return err;
    }
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL || (store->redis = redis_new(&parts, timeout_ms)) == NULL) {
        free(store);
        return fault_set(ret_fault, ERR_NOMEM, "out of memory");
    }
    *ret_store = store;
    return ERR_OK;
}

void store_free(struct store *store) {
    if (store != NULL) {
        redis_free(store->redis);
        free(store);
    }
}

const char *store_why(const struct store *store) {
    return redis_why(store->redis);
}

enum err store_ping(struct store *store, int64_t limit_ms) {
    struct command command;
    struct redis_reply *reply = NULL;
    command_init(&command, "PING");
    enum err err = redis_call(store->redis, &command, limit_ms, &reply);
    redis_reply_free(reply);
    return err;
}

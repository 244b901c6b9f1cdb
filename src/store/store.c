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

void store_replicas(struct store *store, int64_t replicas) {
    store->replicas = replicas;
}

void store_where(const struct store *store, char dst[static STORE_WHERE_SIZE]) {
    redis_where(store->redis, dst, STORE_WHERE_SIZE);
}

enum err store_confirm(struct store *store, enum err err) {
    if (store->replicas == 0 || err_status(err) >= 500) {
        return err;
    }
    enum err confirmed = redis_confirm(store->redis, store->replicas);
    return confirmed == ERR_OK ? err : ERR_STORE;
}

enum err store_ping(struct store *store, int64_t limit_ms) {
    struct command command;
    struct redis_reply *reply = NULL;
    command_init(&command, "PING");
    enum err err = redis_call(store->redis, &command, limit_ms, &reply);
    redis_reply_free(reply);
    return err;
}

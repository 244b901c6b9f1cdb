/* key_local: the commands about keys without a service between. Whoever can write to Redis can
 * make a key anyway; this makes a correct one. */
#include "ctl/key_local.h"

#include <stdio.h>

#include "agnostic/base/time.h"
#include "agnostic/store/access_store.h"
#include "ctl/command.h"
#include "ctl/key.h"
#include "ctl/local.h"

enum { DRAWS_MAX = 8, RECORD_MAX_BYTES = 32 << 10 };

/* The same rules as over REST. expires_at in UTC, "" for never. */
static enum err check_order(const struct key_order *order, char expires_at[static TIME_ISO_SIZE],
                            struct fault *fault) {
    permission_set permissions;
    int64_t us;
    struct text description = text_of(order->description);
    expires_at[0] = '\0';
    if (!permission_key_role(text_of(order->role), &permissions))
        return fault_set(fault, ERR_USAGE, "--role must be %s", permission_key_roles());
    if (!text_is_utf8(description) || text_points(description) > APIKEY_DESCRIPTION_MAX)
        return fault_set(fault, ERR_USAGE, "--description must be at most %d characters of UTF-8",
                         APIKEY_DESCRIPTION_MAX);
    if (!order->expires_at)
        return ERR_OK;
    if (!time_parse_iso(text_of(order->expires_at), &us) || us <= time_wall_us())
        return fault_set(fault, ERR_USAGE,
                         "--expires-at must be a moment to come, like 2027-01-01T00:00:00Z");
    time_iso_utc(us, expires_at);
    return ERR_OK;
}

static enum err store_key(struct store *store, const struct key_order *order,
                          const char *expires_at, char key[static APIKEY_SIZE],
                          char id[static APIKEY_ID_SIZE]) {
    char hash[SECURE_HEX_SIZE], created_at[TIME_ISO_SIZE];
    struct buf record;
    enum err err = apikey_make(key, hash, id);
    if (err != ERR_OK)
        return err;
    time_iso_local(time_wall_us(), created_at);
    buf_init(&record, RECORD_MAX_BYTES);
    apikey_record_put(&record, id, text_of(order->description), text_of(order->role), "agnosticctl",
                      created_at, expires_at[0] ? expires_at : NULL);
    err = record.failed ? ERR_NOMEM : access_store_create(store, hash, id, buf_text(&record));
    buf_done(&record);
    return err;
}

int key_local_create(const struct settings *settings, const struct key_order *order) {
    const struct key_order full = {order->role ? order->role : "api_user",
                                   order->description ? order->description : "", order->expires_at};
    char expires_at[TIME_ISO_SIZE], key[APIKEY_SIZE], id[APIKEY_ID_SIZE];
    struct fault fault = {0};
    int status = CTL_OK;
    if (check_order(&full, expires_at, &fault) != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return CTL_USAGE;
    }
    struct store *store = local_open(settings, &status);
    if (!store)
        return status;
    enum err err = ERR_CONFLICT;
    for (int draw = 0; err == ERR_CONFLICT && draw < DRAWS_MAX; draw++)
        err = store_key(store, &full, expires_at, key, id);
    if (err == ERR_OK)
        key_print_fresh(key, id, full.role);
    else
        status = local_complain("creating the key", err, store);
    secure_wipe(key, sizeof(key));
    store_free(store);
    return status;
}

static void print_record(void *ctx, struct text text) {
    int64_t now_us = time_wall_us();
    struct apikey_record record;
    (void)ctx;
    if (apikey_record_read(text, &record) != ERR_OK) {
        fputs("agnosticctl: a record that cannot be read is left out\n", stderr);
        return;
    }
    const struct key_line line = {record.key_id,
                                  record.role,
                                  apikey_is_expired(&record, now_us) ? "expired" : "active",
                                  record.created_at,
                                  record.expires_at,
                                  record.description};
    key_print_line(&line);
    apikey_record_done(&record);
}

int key_local_list(const struct settings *settings) {
    int status = CTL_OK;
    struct store *store = local_open(settings, &status);
    if (!store)
        return status;
    key_print_line(NULL);
    enum err err = access_store_list(store, print_record, NULL);
    if (err != ERR_OK)
        status = local_complain("listing keys", err, store);
    store_free(store);
    return status;
}

int key_local_revoke(const struct settings *settings, const char *id) {
    int status = CTL_OK;
    struct store *store = local_open(settings, &status);
    if (!store)
        return status;
    enum err err = access_store_revoke(store, id);
    if (err == ERR_OK)
        printf("revoked %s\n", id);
    else
        status = local_complain("revoking the key", err, store);
    store_free(store);
    return status;
}

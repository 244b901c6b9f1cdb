/* webhook_store: callbacks that are due. The terminal scripts schedule them. */
#ifndef AGNOSTIC_STORE_WEBHOOK_STORE_H
#define AGNOSTIC_STORE_WEBHOOK_STORE_H

#include "agnostic/store/store.h"

enum { WEBHOOK_STORE_HOLD_MS = 60000 };

struct webhook_due {
    char id[101];              /* of the task */
    char *url, *secret, *body; /* owned; secret may be NULL; body is the record */
    size_t body_len;
    int64_t attempt; /* 1, 2, ... */
};
void webhook_due_done(struct webhook_due *due);

/* webhook_store_take(store, &due): one due callback, held for WEBHOOK_STORE_HOLD_MS so that
 * another keeper takes it over if this one dies. ERR_EMPTY. */
enum err webhook_store_take(struct store *store, struct webhook_due *ret_due);
/* webhook_store_done(store, id, delivered, http_status, why): it was tried and is over; the
 * task itself is never touched. why is a stable word ("delivered", "blocked", "timeout", ...). */
enum err webhook_store_done(struct store *store, const char *id, bool delivered, int http_status,
                            const char *why);

#endif

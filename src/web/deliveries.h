/* deliveries: what is known of a callback, as clients see it. */
#ifndef AGNOSTIC_WEB_DELIVERIES_H
#define AGNOSTIC_WEB_DELIVERIES_H

#include "agnostic/store/webhook_store.h"
#include "web/call.h"

/* deliveries_put(out, id, view): the members webhook_id, state, attempts, next_at, deliveries of
 * the open object. */
void deliveries_put(struct json_out *out, const char *id, const struct webhook_view *view);

#endif

/* mask: takes secrets out of text that will be stored and shown. */
#ifndef TASK_MASK_H
#define TASK_MASK_H

#include "agnostic/base/buf.h"

/* A header of which nothing is ever shown. */
#define MASK_WHOLE "x-api-key"

/* mask_header_of(name): the canonical name of a header whose value is secret
 * ("Set_Cookie" gives "set-cookie"), or NULL for any other name. */
const char *mask_header_of(struct text name);
/* mask_value(header, value, buf): adds the value of that header (as mask_header_of gave it)
 * without its secret: "Bearer ***", "***", or for set-cookie "sid=***; Path=/; Secure". */
void mask_value(const char *header, struct text value, struct buf *buf);
/* mask_text(t, buf): adds any text with the values of such headers in it masked, and payment
 * card numbers (issuer range and Luhn) but for their last four digits. */
void mask_text(struct text t, struct buf *buf);

#endif

/* request_fault: one entry of a 422 answer's `detail`, in all its variants. */
#ifndef TASK_REQUEST_FAULT_H
#define TASK_REQUEST_FAULT_H

#include "agnostic/base/json.h"

struct request_fault_entry {
    const char *type, *msg;
    const char *in, *field;   /* loc: [in] or [in, field] */
    const int64_t *position;  /* or [in, field, position]; NULL: none */
    const struct json *input; /* NULL: null */
    struct text ctx;          /* one JSON object; empty: none */
};

void request_fault_put(struct json_out *detail, const struct request_fault_entry *entry);

#endif

/* clean: what strangers printed, made fit to be stored and shown: secrets masked, control
 * and direction characters spelled out (\u001b), long strings cut. */
#ifndef AGNOSTIC_TASK_CLEAN_H
#define AGNOSTIC_TASK_CLEAN_H

#include "agnostic/base/json.h"

/* clean_dup(t, max): a clean copy of at most max bytes, or NULL without memory. The caller
 * frees. */
char *clean_dup(struct text t, size_t max);
/* clean_put_text(out, t, max): the same as a JSON string. */
void clean_put_text(struct json_out *out, struct text t, size_t max);

struct clean {
    struct json_out *out;
    unsigned values_left;    /* more are left out; a caller's choice */
    const char *header;      /* the secret header whose value is being written, or NULL */
    const char *pair;        /* the same, of {"name":..,"value":..} */
    const char *const *skip; /* names left out of the first object, NULL-terminated */
};
/* clean_put_value(clean, value): value, strings of at most OUTCOME_STRING_MAX bytes.
 * Members whose names are not clean themselves are left out. */
void clean_put_value(struct clean *clean, const struct json *value);
/* clean_put_members(clean, object): only the members, for an object that is already open. */
void clean_put_members(struct clean *clean, const struct json *object);

#endif

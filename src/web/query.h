/* query: parameters behind the '?'. Only those a handler asks for are looked at. */
#ifndef AGNOSTIC_WEB_QUERY_H
#define AGNOSTIC_WEB_QUERY_H

#include "agnostic/base/json.h"

enum { QUERY_VALUE_SIZE = 256, QUERY_PARAMS_MAX = 256 };

/* query_find(raw, name, value, &found): the decoded value of a scalar parameter. Web servers may
 * have decoded harmless escapes before: "%41" and "A" give the same.
 * ERR_PARAM_TWICE; ERR_BAD_REQUEST: broken escape, control character or bad UTF-8 in it, longer
 * than QUERY_VALUE_SIZE - 1, or more than QUERY_PARAMS_MAX parameters in all. */
enum err query_find(struct text raw, const char *name, char value[static QUERY_VALUE_SIZE],
                    bool *ret_found);

/* query_int(raw, name, min, max, fallback, &n, detail): a number. A value that is none or out
 * of range adds its fault to detail and returns ERR_INVALID; else as query_find. */
enum err query_int(struct text raw, const char *name, int64_t min, int64_t max, int64_t fallback,
                   int64_t *ret_n, struct json_out *detail);
/* query_bool(raw, name, fallback, &is, detail): `true` or `false`, nothing else; faults likewise.
 */
enum err query_bool(struct text raw, const char *name, bool fallback, bool *ret_is,
                    struct json_out *detail);
/* query_choice(raw, name, words, count, &index, detail): one of the words, '_' standing for '-' as
 * well; -1: not given. */
enum err query_choice(struct text raw, const char *name, const char *const *words, size_t count,
                      int *ret_index, struct json_out *detail);
/* query_moment(raw, name, &us, detail): a moment of ISO 8601, microseconds since 1970; as it was
 * when not given. */
enum err query_moment(struct text raw, const char *name, int64_t *ret_us, struct json_out *detail);

/* query_fault(detail, name, value, type, msg, ctx, bound): a fault of one's own; ctx may be NULL.
 */
void query_fault(struct json_out *detail, const char *name, const char *value, const char *type,
                 const char *msg, const char *ctx, int64_t bound);
/* query_worse(a, b): of what two parameters came to: an error that ends it all, ERR_INVALID, or
 * ERR_OK. */
enum err query_worse(enum err a, enum err b);
/* query_is(part, name): is this part of a query ("name=value") that parameter? */
bool query_is(struct text part, const char *name);

#endif

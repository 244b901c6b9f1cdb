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

#endif

/* json_schema: the part of JSON Schema that OpenAPI documents use: is a value as it says, which
 * values are, which are not. Schemas and values are hostile: work and depth are bounded, and only
 * references within the document are followed. */
#ifndef AGNOSTIC_PROBE_JSON_SCHEMA_H
#define AGNOSTIC_PROBE_JSON_SCHEMA_H

#include "agnostic/base/json.h"

enum {
    JSON_SCHEMA_STEPS_MAX = 200000, /* schemas applied to values and the like, in one question */
    JSON_SCHEMA_DEPTH_MAX = 32,
    JSON_SCHEMA_REFS_MAX = 16,         /* in a row */
    JSON_SCHEMA_MADE_MAX = 64 << 10,   /* bytes of a made value */
    JSON_SCHEMA_STRING_MAX = 16 << 10, /* characters of a made string */
    JSON_SCHEMA_SPOILS = 7             /* kinds of wrong */
};

/* json_schema_resolve(root, node): node, or what its $ref leads to within root ("#/a/b"); NULL: it
 * leads nowhere, to another document, or in a circle. */
const struct json *json_schema_resolve(const struct json *root, const struct json *node);

/* json_schema_check(root, schema, value, &fault): is value, of an answer, as schema says?
 * ERR_SYNTAX when not, fault saying why; ERR_TOO_LARGE: it cannot be told. Keywords that are not
 * known hold; schema NULL holds. */
enum err json_schema_check(const struct json *root, const struct json *schema,
                           const struct json *value, struct fault *ret_fault);

/* Which of the valid values: as little, or as much as the schema lets in. */
enum json_schema_size { JSON_SCHEMA_LEAST, JSON_SCHEMA_MOST };
/* json_schema_make(root, schema, size, &value): a valid one; the caller frees it with json_free.
 * ERR_EMPTY: none is known. ERR_NOMEM. */
enum err json_schema_make(const struct json *root, const struct json *schema,
                          enum json_schema_size size, struct json **ret_value);

/* json_schema_spoil(root, schema, kind, &what, &value): a value that is not valid, wrong in the
 * kind-th of JSON_SCHEMA_SPOILS ways; what: which, for people. The caller frees value. ERR_EMPTY:
 * the schema knows no wrong of that kind. ERR_NOMEM. */
enum err json_schema_spoil(const struct json *root, const struct json *schema, size_t kind,
                           const char **ret_what, struct json **ret_value);

#endif

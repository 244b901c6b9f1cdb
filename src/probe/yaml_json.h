/* yaml_json: YAML in, JSON out. Only user of libyaml. */
#ifndef PROBE_YAML_JSON_H
#define PROBE_YAML_JSON_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

enum { YAML_JSON_DEPTH_MAX = 64 };

/* yaml_json(text, buf, &fault): appends the first document of text as JSON; plain scalars are
 * numbers, booleans and null where JSON writes them so. ERR_SYNTAX: it is no YAML, or has what
 * JSON has not (keys that are no scalars) or a reader should not follow (aliases: small texts grow
 * without end by them); ERR_TOO_LARGE: too deep, or buf is full. */
enum err yaml_json(struct text text, struct buf *buf, struct fault *ret_fault);

#endif

/* json_schema_format: the formats of strings that are told apart. */
#ifndef PROBE_JSON_SCHEMA_FORMAT_H
#define PROBE_JSON_SCHEMA_FORMAT_H

#include "agnostic/base/text.h"

/* json_schema_format_holds(format, value): true also for a format that is not known. */
bool json_schema_format_holds(struct text format, struct text value);
/* json_schema_format_sample(format): a string of that format, NULL: it is not known. */
const char *json_schema_format_sample(struct text format);

#endif

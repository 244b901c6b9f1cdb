/* request_echo: a client's own value shown back to it, safely. */
#ifndef TASK_REQUEST_ECHO_H
#define TASK_REQUEST_ECHO_H

#include "agnostic/base/json.h"

/* request_echo(out, value): value with every string cut at REQUEST_INPUT_ECHO_MAX code
 * points, secrets (members named like one) as "***", and at most so many values in all
 * that an answer stays small. NULL writes null. */
void request_echo(struct json_out *out, const struct json *value);

#endif

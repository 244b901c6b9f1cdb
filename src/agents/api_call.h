/* api_call: one request to an operation of an API, made from its description. */
#ifndef AGENTS_API_CALL_H
#define AGENTS_API_CALL_H

#include "agents/api.h"
#include "agnostic/probe/json_schema.h"

enum { API_CALL_HEADERS_MAX = 2 * OPENAPI_PARAMETERS_MAX };

struct api_call {
    const char *method;
    struct buf url, body;
    struct buf lines; /* "Name: value\n" ... */
    bool has_body;
};

/* How it differs from the plain one. Zeroed: not at all, as small as can be. */
struct api_wish {
    enum json_schema_size size;
    const struct openapi_parameter *parameter; /* that has `value` instead of a valid one */
    struct text value;                         /* ptr NULL: it is left out */
    struct text body;                          /* instead of a valid one; ptr NULL: none instead */
    const char *method;                        /* instead of the operation's; NULL: none instead */
    bool pretends;                             /* it carries a credential that is none */
};

/* api_call_make(api, operation, wish, call): false: no valid value is known of something that it
 * must have, or it does not fit. The caller releases call with api_call_done in every case. */
bool api_call_make(const struct api *api, const struct openapi_operation *operation,
                   const struct api_wish *wish, struct api_call *ret_call);
void api_call_done(struct api_call *call);

/* api_call_send(asker, call, response, fault): as asker_send. */
enum err api_call_send(struct asker *asker, const struct api_call *call,
                       struct http_response *response, struct fault *fault);
/* api_call_line(call, buf): the command line that sends the same. */
void api_call_line(const struct api_call *call, struct buf *buf);
/* api_call_put_value(value, buf): a value of JSON as it stands in a URL, not escaped: of an array
 * its first. false: an object, or nothing. */
bool api_call_put_value(const struct json *value, struct buf *buf);

#endif

/* http_get: the GET requests of a plan as HTTP/1.1 writes them. */
#ifndef PROBE_HTTP_GET_H
#define PROBE_HTTP_GET_H

#include "agnostic/probe/http_many.h"

struct http_get;

/* http_get_new(plan, &get, &fault): ERR_SYNTAX (a URL), ERR_NOMEM. The caller frees with
 * http_get_free. */
enum err http_get_new(const struct http_many_plan *plan, struct http_get **ret_get,
                      struct fault *ret_fault);
void http_get_free(struct http_get *get);
/* http_get_bytes(get, which): the request of plan->urls[which], as long as get. */
struct text http_get_bytes(const struct http_get *get, size_t which);

#endif

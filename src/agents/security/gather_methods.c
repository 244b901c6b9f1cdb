/* The page by methods and under a name that nobody needs; in active mode a file that is written,
 * read and taken away again. */
#include <stdio.h>

#include "agents/security/gather_parts.h"
#include "agnostic/base/secure.h"

enum { MARK_BYTES = 8 };

/* Some servers wait for ever for the end of a request that they do not know. */
static const struct http_limits SHORT = {2000, 3000, 256 << 10, 64 << 10};

/* false when it was not answered: then no more is asked. */
static bool gather_methods_ask(struct gather *gather, struct answer *answer, const char *url,
                               struct gather_request request) {
    if (answer_url(answer, text_of(url), NULL) != ERR_OK)
        return false;
    gather_send(gather, answer, &request, &SHORT);
    return answer->err == ERR_OK;
}

static void gather_methods_write(struct gather *gather) {
    struct method_facts *methods = &gather->facts->methods;
    const struct gather_request put = {.method = "PUT", .body = text_of(methods->mark)},
                                read = {.method = "GET"}, removed = {.method = "DELETE"};
    char origin[URL_HOST_SIZE + 16], url[URL_HOST_SIZE + 64];
    url_origin(&gather->facts->page->url, origin, sizeof(origin));
    snprintf(url, sizeof(url), "%s/qa-probe-%s.txt", origin, methods->mark);
    if (!gather_methods_ask(gather, &methods->put, url, put) ||
        methods->put.response.status / 100 != 2)
        return;
    gather_methods_ask(gather, &methods->read, url, read);
    gather_methods_ask(gather, &methods->removed, url, removed);
}

void gather_methods(struct gather *gather) {
    struct method_facts *methods = &gather->facts->methods;
    const struct gather_request forwarded = {.method = "GET",
                                             .name = "X-Forwarded-Host",
                                             .value = FACTS_FOREIGN_HOST},
                                options = {.method = "OPTIONS"},
                                trace = {
                                    .method = "TRACE", .name = "X-QA-Mark", .value = methods->mark};
    unsigned char bytes[MARK_BYTES];
    if (gather->facts->page == NULL || !gather->task->modes[RULE_SAFE] ||
        secure_random(bytes, sizeof(bytes)) != ERR_OK)
        return;
    const char *url = gather->facts->page->url_text;
    text_hex(bytes, sizeof(bytes), methods->mark);
    if (gather_methods_ask(gather, &methods->forwarded, url, forwarded) &&
        gather_methods_ask(gather, &methods->options, url, options) &&
        gather_methods_ask(gather, &methods->trace, url, trace) && gather->task->modes[RULE_ACTIVE])
        gather_methods_write(gather);
}

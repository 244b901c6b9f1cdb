/* The bytes of one URL after the other. Asks nobody. */
#include "agents/trail.h"

void trail_init(struct trail *trail, struct text first) {
    *trail = (struct trail){.url = {.tls = false}};
    buf_init(&trail->at, 2 * URL_MAX_BYTES);
    buf_init(&trail->next, 2 * URL_MAX_BYTES);
    buf_puttext(&trail->at, first);
}

void trail_done(struct trail *trail) {
    buf_done(&trail->at);
    buf_done(&trail->next);
}

void trail_restart(struct trail *trail, struct text first) {
    buf_reset(&trail->at);
    buf_puttext(&trail->at, first);
}

bool trail_look(struct trail *trail) {
    return url_parse(buf_text(&trail->at), &trail->url, NULL) == ERR_OK;
}

bool trail_step(struct trail *trail, struct text location) {
    struct url next;
    buf_reset(&trail->next);
    if (url_resolve(&trail->url, location, &trail->next) != ERR_OK || trail->next.failed ||
        url_parse(buf_text(&trail->next), &next, NULL) != ERR_OK)
        return false;
    trail_restart(trail, buf_text(&trail->next));
    return true;
}

struct text trail_redirect(const struct http_response *response) {
    if (response->status < 300 || response->status >= 400 || response->status == 304)
        return text_make(NULL, 0);
    return http_response_header(response, "Location", 0);
}

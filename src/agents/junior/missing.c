/* Paths that nobody has, and what comes of them. */
#include "agents/junior/missing.h"

#include <stdio.h>

#include "agnostic/base/secure.h"

enum { RANDOM_BYTES = 8 };

/* How url looks; false when it is not answered as if it were there. status 0: it was not asked for.
 */
static bool missing_look(struct visitor *visitor, const char *url, int *ret_status,
                         uint64_t *ret_look) {
    struct http_response response = {0};
    struct site_url found = {.end = SITE_UNASKED};
    struct trail trail;
    trail_init(&trail, text_of(url));
    visit_follow(visitor, &found, &trail, VISIT_PAGE, &response);
    bool answered = found.end == SITE_FINE && response.status / 100 == 2;
    *ret_look = site_hash(buf_text(&response.body));
    *ret_status = found.status;
    http_response_done(&response);
    trail_done(&trail);
    return answered;
}

/* Of a path with that ending that cannot exist; url is empty when it could not be asked for. */
static bool missing_probe(struct visitor *visitor, const char *ending, uint64_t *ret_look,
                          char url[SITE_PROBE_SIZE]) {
    unsigned char bytes[RANDOM_BYTES];
    char word[2 * RANDOM_BYTES + 1];
    int status = 0;
    bool answered = false;
    if (secure_random(bytes, sizeof(bytes)) == ERR_OK) {
        text_hex(bytes, sizeof(bytes), word);
        snprintf(url, SITE_PROBE_SIZE, "%s/qa-probe-%s%s", visitor->site->origin, word, ending);
        answered = missing_look(visitor, url, &status, ret_look);
    }
    if (status == 0)
        url[0] = '\0';
    return answered;
}

/* The first page is looked at again: what stood in it a while ago may have changed since. */
void missing_ask(struct visitor *visitor) {
    struct site_missing *missing = &visitor->site->missing;
    char url[SITE_PROBE_SIZE];
    uint64_t look;
    int status;
    missing->page_answered = missing_probe(visitor, "", &missing->look, missing->url);
    if (!missing->page_answered)
        return;
    missing->file_answered = missing_probe(visitor, ".png", &look, url);
    missing->is_known = missing_probe(visitor, "", &look, url) && look == missing->look &&
                        missing_look(visitor, visitor->site->home, &status, &look) &&
                        look != missing->look;
}

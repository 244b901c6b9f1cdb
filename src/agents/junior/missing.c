/* Paths that nobody has, and what comes of them. */
#include "agents/junior/missing.h"

#include <stdio.h>

#include "agnostic/base/secure.h"

enum { RANDOM_BYTES = 8 };

/* A template may show each segment. */
static const char DEEPER[] = "/page.html";

/* The answer at url is in response, to be released; false when it is not answered as if it were
 * there. status 0: it was not asked for. */
static bool missing_fetch(struct visitor *visitor, const char *url, struct http_response *response,
                          int *ret_status) {
    struct site_url found = {.end = SITE_UNASKED};
    struct trail trail;
    trail_init(&trail, text_of(url));
    visit_follow(visitor, &found, &trail, VISIT_PAGE, response);
    *ret_status = found.status;
    trail_done(&trail);
    return found.end == SITE_FINE && response->status / 100 == 2;
}

/* Of a path with that ending that cannot exist; url is empty when it could not be asked for. */
static bool missing_probe(struct visitor *visitor, const char *ending,
                          struct http_response *response, char url[SITE_PROBE_SIZE]) {
    unsigned char bytes[RANDOM_BYTES];
    char word[2 * RANDOM_BYTES + 1];
    int status = 0;
    bool answered = false;
    if (secure_random(bytes, sizeof(bytes)) == ERR_OK) {
        text_hex(bytes, sizeof(bytes), word);
        snprintf(url, SITE_PROBE_SIZE, "%s/qa-probe-%s%s", visitor->site->origin, word, ending);
        answered = missing_fetch(visitor, url, response, &status);
    }
    if (status == 0)
        url[0] = '\0';
    return answered;
}

/* Does another path that cannot exist look like the first? */
static bool missing_shows(struct visitor *visitor, const char *ending) {
    const struct site_missing *missing = &visitor->site->missing;
    struct http_response response = {0};
    char url[SITE_PROBE_SIZE];
    bool same = missing_probe(visitor, ending, &response, url) &&
                look_of(&missing->mask, buf_text(&response.body)) == missing->look;
    http_response_done(&response);
    return same;
}

/* It is looked at again: what stood in it a while ago may have changed since. */
static bool missing_is_home(struct visitor *visitor) {
    const struct site_missing *missing = &visitor->site->missing;
    struct http_response response = {0};
    int status;
    bool same = !missing_fetch(visitor, visitor->site->home, &response, &status) ||
                look_of(&missing->mask, buf_text(&response.body)) == missing->look;
    http_response_done(&response);
    return same;
}

/* What two of them have in common, unless it is no look of their own. */
static void missing_learn(struct visitor *visitor, struct text first) {
    struct site_missing *missing = &visitor->site->missing;
    struct http_response second = {0};
    char url[SITE_PROBE_SIZE];
    if (missing_probe(visitor, "", &second, url) &&
        look_compare(first, buf_text(&second.body), &missing->mask)) {
        missing->look = look_of(&missing->mask, first);
        missing->is_known = missing_shows(visitor, DEEPER) && !missing_is_home(visitor);
    }
    http_response_done(&second);
}

void missing_ask(struct visitor *visitor) {
    struct site_missing *missing = &visitor->site->missing;
    struct http_response page = {0}, file = {0};
    char url[SITE_PROBE_SIZE];
    missing->page_answered = missing_probe(visitor, "", &page, missing->url);
    if (missing->page_answered) {
        missing->file_answered = missing_probe(visitor, ".png", &file, url);
        missing_learn(visitor, buf_text(&page.body));
    }
    http_response_done(&page);
    http_response_done(&file);
}

void missing_recheck(struct visitor *visitor) {
    struct site_missing *missing = &visitor->site->missing;
    missing->is_known = missing->is_known && missing_shows(visitor, "");
}

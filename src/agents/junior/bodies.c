/* One body after the other. Judges nothing. */
#include "agents/junior/bodies.h"

/* Asks for it once; false: nothing may be asked any more. */
static bool bodies_ask(struct visitor *visitor, struct site_url *found, const char *text) {
    struct http_response response = {0};
    struct site_url second = *found;
    struct trail trail;
    trail_init(&trail, text_of(text));
    visit_follow(visitor, &second, &trail, VISIT_FILE, &response);
    http_response_done(&response);
    trail_done(&trail);
    if (second.end == SITE_FINE || second.end == SITE_BROKEN)
        *found = second;
    found->is_read |= second.end != SITE_UNASKED; /* it may lead away from the site by now */
    return second.end != SITE_UNASKED;
}

/* One that ended early may have had a bad moment, which is told. */
static bool bodies_look(struct visitor *visitor, struct site_url *found, const char *text,
                        size_t *again) {
    for (size_t pass = 0; pass < FLAKY_PASSES && site_wants_body(found); pass++) {
        bool was_short = found->body == HTTP_BODY_SHORT;
        if (was_short && ((*again)++ >= BODIES_AGAIN_MAX ||
                          !asker_pause(&visitor->asker, FLAKY_PAUSES_MS[pass])))
            break;
        if (!bodies_ask(visitor, found, text))
            return false;
        if (was_short && found->end == SITE_FINE && found->body != HTTP_BODY_SHORT)
            flaky_add(&visitor->site->flaky, text_of(text), TEXT("it ended early"), TEXT(""));
    }
    return true;
}

void bodies_read(struct visitor *visitor) {
    struct site *site = visitor->site;
    struct site_url start = site->start;
    size_t asked = 0, again = 0;
    if (!bodies_look(visitor, &start, site->target_text, &again))
        return;
    if (start.end == SITE_FINE) /* what it was at first is another's affair */
        site->start = start;
    for (size_t i = 0; i < site->url_count && asked < BODIES_MAX; i++) {
        bool is_wanted = site_wants_body(&site->urls[i]);
        if (is_wanted && !bodies_look(visitor, &site->urls[i], site->urls[i].text, &again))
            return;
        asked += is_wanted;
    }
}

/* The judgement of bodies: are they what the header fields before them say? */
#include "agents/junior/junior_check.h"

#include <stdio.h>

/* As the rule's variants stand. */
enum { CONTENT_CHARSET, CONTENT_TYPE, CONTENT_LENGTH, CONTENT_CODING };

static void junior_tell_content(const struct site_url *url, const char *text, size_t variant,
                                const char *words, struct judgement *judgement) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_method(judgement, text, "-S --compressed -o -");
    judgement_fault(judgement, variant, text, "%s %s%s", text, words,
                    variant == CONTENT_TYPE ? url->type : "");
}

/* What is not there, or not for us, is another check's affair. */
static void junior_content_of(const struct site_url *url, const char *text,
                              struct judgement *judgement) {
    char words[SITE_NOTE_SIZE];
    if (url->end != SITE_FINE)
        return;
    snprintf(words, sizeof(words), "is %s; its Content-Type is ",
             url->contradiction != NULL ? url->contradiction : "");
    if (url->contradiction != NULL)
        junior_tell_content(url, text, CONTENT_TYPE, words, judgement);
    if (url->body == HTTP_BODY_SHORT)
        junior_tell_content(url, text, CONTENT_LENGTH, "ends before all that it announces was sent",
                            judgement);
    if (url->body == HTTP_BODY_UNDECODABLE)
        junior_tell_content(url, text, CONTENT_CODING,
                            "cannot be decoded as its Content-Encoding says", judgement);
}

JUNIOR_CHECK(content) {
    if (!junior_check_needs_site(site, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < site->page_count; i++) {
        const char *page = site->urls[site->pages[i].url].text;
        if (site->pages[i].is_utf8 || site->pages[i].is_cut)
            continue;
        if (judgement_is_gravest(judgement, CONTENT_CHARSET))
            judgement_reproduce_body(judgement, page, TEXT(""));
        judgement_fault(judgement, CONTENT_CHARSET, page, "%s: bytes that are not UTF-8", page);
    }
    junior_content_of(&site->start, site->target_text, judgement);
    for (size_t i = 0; i < site->url_count; i++) {
        junior_content_of(&site->urls[i], site->urls[i].text, judgement);
        if (site_wants_body(&site->urls[i]) && !site->urls[i].is_page)
            judgement_not_tested(judgement, "not_all_read");
    }
}

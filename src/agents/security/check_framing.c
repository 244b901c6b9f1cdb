/* What the page says about other sites: who may frame it, what they learn of it, how far it
 * is isolated from them. */
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/need.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REFERRER_UNSAFE = 0, REFERRER_MISSING = 1 };
enum { CROSS_ORIGIN_INVALID = 0, CROSS_ORIGIN_MISSING = 1 };

/* Policies' frame-ancestors: present, and some policy's list is no wildcard. */
static bool check_framing_ancestors(const struct csp *csp, bool *ret_closed) {
    bool present = false;
    struct text source;
    *ret_closed = false;
    for (size_t i = 0; i < csp->count; i++) {
        struct text values = csp_get(&csp->policies[i], "frame-ancestors");
        if (values.ptr == NULL || csp->policies[i].meta)
            continue;
        present = true;
        *ret_closed = *ret_closed || !csp_wildcard(values, &source);
    }
    return present;
}

/* All X-Frame-Options values: true when they say one valid thing. */
static bool check_framing_option(const struct answer *page, struct text *ret_value) {
    struct text line, part, seen = {NULL, 0};
    for (size_t i = 0; (line = answer_header(page, "X-Frame-Options", i)).ptr != NULL; i++) {
        while (text_cut(&line, ',', &part)) {
            *ret_value = part = text_trim(part);
            if (!text_ieq(part, TEXT("DENY")) && !text_ieq(part, TEXT("SAMEORIGIN")))
                return false;
            if (seen.ptr != NULL && !text_ieq(seen, part))
                return false;
            seen = part;
        }
    }
    return true;
}

static void check_framing_frames_on(const struct page *page, struct judgement *judgement) {
    bool closed;
    struct csp csp;
    struct text value = {NULL, 0};
    page_csp(page, &csp);
    bool present = check_framing_ancestors(&csp, &closed);
    bool valid = check_framing_option(page->answer, &value);
    if (present ? closed : valid && value.ptr != NULL)
        return; /* browsers that know frame-ancestors ignore X-Frame-Options */
    content_show_head(page, judgement, 0);
    if (present)
        judgement_fault(judgement, 0, page->answer->url_text,
                        "frame-ancestors lets any site frame the page");
    else if (!valid)
        judgement_fault(judgement, 0, page->answer->url_text,
                        "X-Frame-Options \"%.*s\" is not one of DENY and SAMEORIGIN, alone",
                        JUDGEMENT_VALUE(value));
    else
        judgement_fault(judgement, 0, page->answer->url_text,
                        "Neither frame-ancestors nor X-Frame-Options");
}

void check_framing_frames(const struct facts *facts, struct judgement *judgement) {
    if (need_html(facts, judgement))
        content_each_answer(facts, judgement, check_framing_frames_on);
}

enum referrer { REFERRER_NOT_SAID, REFERRER_UNKNOWN, REFERRER_LEAKS, REFERRER_KEEPS };
static const struct {
    const char *word;
    enum referrer means;
} REFERRER_WORDS[] = {
    {"no-referrer", REFERRER_KEEPS},
    {"origin", REFERRER_KEEPS},
    {"same-origin", REFERRER_KEEPS},
    {"strict-origin", REFERRER_KEEPS},
    {"origin-when-cross-origin", REFERRER_KEEPS},
    {"strict-origin-when-cross-origin", REFERRER_KEEPS},
    {"no-referrer-when-downgrade", REFERRER_LEAKS},
    {"unsafe-url", REFERRER_LEAKS},
    /* older words of <meta name=referrer> */
    {"never", REFERRER_KEEPS},
    {"default", REFERRER_KEEPS},
    {"origin-when-crossorigin", REFERRER_KEEPS},
    {"always", REFERRER_LEAKS},
};

/* A comma-separated list: the last known word counts. */
static enum referrer check_framing_referrer_of(struct text list, enum referrer before) {
    enum referrer referrer = before;
    struct text part;
    while (list.ptr != NULL && text_cut(&list, ',', &part)) {
        for (size_t i = 0; i < COUNT(REFERRER_WORDS); i++)
            if (text_ieq(text_trim(part), text_of(REFERRER_WORDS[i].word)))
                referrer = REFERRER_WORDS[i].means;
        if (referrer == REFERRER_NOT_SAID)
            referrer = REFERRER_UNKNOWN;
    }
    return referrer;
}

static void check_framing_referrer_on(const struct page *page, struct judgement *judgement) {
    enum referrer referrer = REFERRER_NOT_SAID;
    struct text value, last = {NULL, 0};
    for (size_t i = 0; (value = answer_header(page->answer, "Referrer-Policy", i)).ptr != NULL; i++)
        referrer = check_framing_referrer_of(last = value, referrer);
    for (size_t i = 0; (value = html_meta(page->html, "name", "referrer", i)).ptr != NULL; i++)
        referrer = check_framing_referrer_of(last = value, referrer);
    if (referrer == REFERRER_KEEPS)
        return;
    bool missing = referrer == REFERRER_NOT_SAID;
    content_show_head(page, judgement, missing ? REFERRER_MISSING : REFERRER_UNSAFE);
    if (missing)
        judgement_fault(judgement, REFERRER_MISSING, page->answer->url_text,
                        "No Referrer-Policy, the browser's default applies");
    else
        judgement_fault(judgement, REFERRER_UNSAFE, page->answer->url_text,
                        "Referrer-Policy \"%.*s\" %s", JUDGEMENT_VALUE(last),
                        referrer == REFERRER_LEAKS ? "sends whole URLs to other sites"
                                                   : "is no policy that browsers know");
}

void check_framing_referrer(const struct facts *facts, struct judgement *judgement) {
    content_each(facts, judgement, check_framing_referrer_on);
}

/* Which values each header may have, and whether its absence is worth a word. */
static const struct {
    const char *name;
    bool wanted;
    const char *values[5];
} CROSS_ORIGIN[] = {
    {"Cross-Origin-Opener-Policy",
     true,
     {"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none", NULL}},
    {"Cross-Origin-Resource-Policy", true, {"same-origin", "same-site", "cross-origin", NULL}},
    {"Cross-Origin-Embedder-Policy",
     false,
     {"require-corp", "credentialless", "unsafe-none", NULL}},
};

static bool check_framing_is_one_of(struct text value, const char *const *values) {
    struct text word;
    if (!text_cut(&value, ';', &word)) /* parameters such as report-to */
        return false;
    for (; *values != NULL; values++)
        if (text_eq(text_trim(word), text_of(*values)))
            return true;
    return false;
}

void check_framing_cross_origin(const struct facts *facts, struct judgement *judgement) {
    if (!need_html(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < COUNT(CROSS_ORIGIN); i++) {
        struct text value = answer_header(facts->page, CROSS_ORIGIN[i].name, 0);
        if (value.ptr == NULL && CROSS_ORIGIN[i].wanted)
            judgement_fault(judgement, CROSS_ORIGIN_MISSING, facts->page->url_text,
                            "The answer has no %s header", CROSS_ORIGIN[i].name);
        else if (value.ptr != NULL && !check_framing_is_one_of(value, CROSS_ORIGIN[i].values))
            judgement_fault(judgement, CROSS_ORIGIN_INVALID, facts->page->url_text,
                            "%s has the unknown value \"%.*s\"", CROSS_ORIGIN[i].name,
                            JUDGEMENT_VALUE(value));
    }
}

/* What can be seen of privacy without a browser: cookies that the server itself sets before
 * anybody could consent, whom the HTML makes browsers contact, what it says and asks. What
 * scripts do is not seen, and never guessed. */
#include <string.h>

#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/field.h"
#include "agents/security/need.h"
#include "agents/security/tracker.h"
#include "agnostic/probe/suffix.h"

enum { HOST_TRACKER = 0, HOST_OTHER = 1 };
enum { NOTICE_FORM = 0, NOTICE_NONE = 1 };
enum { OWNERS_MAX = 64 };

static const char NEEDS_BROWSER[] = "needs_browser";

static bool check_privacy_holds(struct text t, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_ifind(t, text_of(*words)) >= 0)
            return true;
    return false;
}

static bool check_privacy_has_script(const struct page *page) {
    size_t count;
    (void)html_scripts(page->html, &count);
    if (count > 0)
        return true;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (links[i].kind == HTML_SCRIPT)
            return true;
    return false;
}

/* --- cookies -------------------------------------------------------------------------------- */

static bool check_privacy_has_tracker(const struct facts *facts) {
    for (size_t i = 0; i < facts->cookie_count; i++)
        if (tracker_cookie(facts->cookies[i].cookie.name) != NULL)
            return true;
    return false;
}

void check_privacy_cookies(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return;
    judgement_not_tested(judgement, NEEDS_BROWSER);
    for (size_t i = 0; i < facts->cookie_count; i++) {
        const struct found_cookie *found = &facts->cookies[i];
        const char *owner = tracker_cookie(found->cookie.name);
        if (owner == NULL)
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_curl(judgement, found->from->url_text, NULL);
        judgement_fault(judgement, 0, found->from->url_text,
                        "Cookie \"%.*s\" (%s) is set before anybody could agree",
                        JUDGEMENT_VALUE(found->cookie.name), owner);
    }
}

/* --- other people's hosts ------------------------------------------------------------------- */

/* Whom one was told of already. */
struct owners {
    char names[OWNERS_MAX][URL_HOST_SIZE];
    size_t count;
};

static bool check_privacy_is_new(struct owners *owners, struct text name) {
    for (size_t i = 0; i < owners->count; i++)
        if (text_is(name, owners->names[i]))
            return false;
    if (owners->count == OWNERS_MAX)
        return false;
    return text_copy(name, owners->names[owners->count++], URL_HOST_SIZE);
}

/* What a browser fetches without a click. A frame that is to be loaded lazily is, too. */
static bool check_privacy_is_fetched(const struct html_link *link) {
    return link->kind != HTML_ANCHOR && link->kind != HTML_ACTION && link->kind != HTML_RELATED &&
           link->kind != HTML_REFRESH;
}

static void check_privacy_hosts_of(const struct page *page, struct owners *owners,
                                   struct judgement *judgement) {
    struct page_url found;
    size_t count;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++) {
        if (!check_privacy_is_fetched(&links[i]) || !page_resolve(page, links[i].url, &found) ||
            !content_is_foreign(page, &found.url))
            continue;
        struct text owner = text_of(found.url.host);
        bool tracks = tracker_host(found.url.host);
        if (!found.url.host_is_ip && !tracks)
            owner = suffix_registrable(owner);
        if (!check_privacy_is_new(owners, owner))
            continue;
        size_t variant = tracks ? HOST_TRACKER : HOST_OTHER;
        content_show(page, judgement, variant, links[i].url);
        judgement_fault(judgement, variant, page->answer->url_text, "%s: %.*s",
                        tracks ? "A tracker is loaded without consent" : "A third party is loaded",
                        JUDGEMENT_VALUE(owner));
    }
}

void check_privacy_hosts(const struct facts *facts, struct judgement *judgement) {
    struct owners owners = {.count = 0};
    bool scripted = false;
    if (!need_parsed(facts, judgement))
        return;
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        if (page->html == NULL)
            continue;
        check_privacy_hosts_of(page, &owners, judgement);
        scripted = scripted || check_privacy_has_script(page);
    }
    if (scripted)
        judgement_not_tested(judgement, NEEDS_BROWSER);
    else
        content_settle(facts, judgement);
}

/* --- privacy notice ------------------------------------------------------------------------- */

static bool check_privacy_has_notice(const struct page *page) {
    static const char *const WORDS[] = {
        "privacy",         "datenschutz", "confidentialit", "privacidad", "privacidade",
        "integritet",      "personvern",  "tietosuoja",     "privatliv",  "protection des donn",
        "vie priv",        "gdpr",        "dsgvo",          "rgpd",       "data protection",
        "data-protection", NULL};
    size_t count;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (links[i].kind == HTML_ANCHOR && (check_privacy_holds(links[i].url, WORDS) ||
                                             check_privacy_holds(links[i].words, WORDS)))
            return true;
    return false;
}

static bool check_privacy_has_anchor(const struct page *page) {
    size_t count;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (links[i].kind == HTML_ANCHOR)
            return true;
    return false;
}

static const struct html_field *check_privacy_asks(const struct page *page) {
    size_t count;
    const struct html_field *fields = html_fields(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (field_is_personal(&fields[i]))
            return &fields[i];
    return NULL;
}

static void check_privacy_notice_on(const struct page *page, struct judgement *judgement) {
    const struct html_field *field = check_privacy_asks(page);
    if (field == NULL)
        return;
    content_show(page, judgement, NOTICE_FORM, field->name);
    judgement_fault(judgement, NOTICE_FORM, page->answer->url_text,
                    "A form asks for personal data (field \"%.*s\") and no page links a notice",
                    JUDGEMENT_VALUE(field->name));
}

void check_privacy_notice(const struct facts *facts, struct judgement *judgement) {
    if (!need_parsed(facts, judgement))
        return;
    const struct page *home = &facts->pages.items[0];
    for (size_t i = 0; i < facts->pages.count; i++) {
        if (facts->pages.items[i].html == NULL || !check_privacy_has_notice(&facts->pages.items[i]))
            continue;
        judgement_pass(judgement);
        return;
    }
    if (check_privacy_has_script(home) && !check_privacy_has_anchor(home)) {
        judgement_not_tested(judgement, NEEDS_BROWSER); /* links are made by scripts there */
        return;
    }
    if (home->answer->response.truncated) {
        judgement_not_tested(judgement, "body_cut");
        return;
    }
    judgement_fault(judgement, NOTICE_NONE, home->answer->url_text,
                    "No link to a privacy notice was found");
    content_show(home, judgement, NOTICE_NONE, TEXT(""));
    content_each(facts, judgement, check_privacy_notice_on);
}

/* --- consent -------------------------------------------------------------------------------- */

static bool check_privacy_offers(const struct page *page, const char *const *words) {
    size_t count;
    const struct html_field *fields = html_fields(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (check_privacy_holds(fields[i].words, words) ||
            (text_ieq(fields[i].type, TEXT("submit")) &&
             check_privacy_holds(fields[i].value, words)))
            return true;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (links[i].kind == HTML_ANCHOR && check_privacy_holds(links[i].words, words))
            return true;
    return false;
}

/* The page asks by itself: a dialog or the word, and a button that accepts. */
static bool check_privacy_asks_consent(const struct page *page) {
    static const char *const ACCEPT[] = {"accept", "agree",    "akzept", "zustimm", "einverstanden",
                                         "acept",  "accepter", "allow",  NULL};
    bool says = text_ifind(html_text(page->html), TEXT("cookie")) >= 0;
    return says && check_privacy_offers(page, ACCEPT);
}

void check_privacy_consent(const struct facts *facts, struct judgement *judgement) {
    static const char *const REJECT[] = {"reject",         "decline",
                                         "refuse",         "deny",
                                         "ablehn",         "rechaz",
                                         "refus",          "only necessary",
                                         "only essential", "necessary only",
                                         "essential only", "nur notwendige",
                                         "nur essen",      NULL};
    if (!need_parsed(facts, judgement))
        return;
    const struct page *home = &facts->pages.items[0];
    judgement_not_tested(judgement, NEEDS_BROWSER);
    if (!check_privacy_has_tracker(facts) || !check_privacy_asks_consent(home))
        return;
    if (check_privacy_offers(home, REJECT)) {
        judgement_pass(judgement);
        return;
    }
    content_show(home, judgement, 0, TEXT("cookie"));
    judgement_fault(judgement, 0, home->answer->url_text,
                    "Cookies can be accepted but not rejected, and trackers are set already");
}

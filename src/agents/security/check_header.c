/* Response headers of the page: transport, content and caching. */
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/hsts.h"
#include "agents/security/need.h"

enum { CONTENT_TYPE_MISSING = 0, CHARSET_MISSING = 1 };

void check_header_hsts_missing(const struct facts *facts, struct judgement *judgement) {
    if (!need_page(facts, judgement))
        return;
    if (!facts->page->url.tls)
        judgement_skip(judgement, "not_https");
    else if (answer_header(facts->page, "Strict-Transport-Security", 0).ptr != NULL)
        judgement_pass(judgement);
    else
        judgement_fault(judgement, 0, facts->page->url_text,
                        "The answer has no Strict-Transport-Security header");
}

static void check_header_hsts_value(const struct facts *facts, struct judgement *judgement) {
    const struct answer *page = facts->page;
    struct text value = answer_header(page, "Strict-Transport-Security", 0);
    uint64_t seconds = 0;
    if (answer_header_count(page, "Strict-Transport-Security") > 1)
        judgement_fault(judgement, 0, page->url_text, "The header is sent more than once");
    if (!hsts_max_age(value, &seconds))
        judgement_fault(judgement, 0, page->url_text, "No valid max-age in \"%.*s\"",
                        JUDGEMENT_VALUE(value));
    else if (seconds < HSTS_MIN_S)
        judgement_fault(judgement, 0, page->url_text, "max-age is %llu seconds, below half a year",
                        (unsigned long long)seconds);
}

static void check_header_hsts_plain(const struct chain *chain, struct judgement *judgement) {
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->hops[i].url.tls ||
            answer_header(&chain->hops[i], "Strict-Transport-Security", 0).ptr == NULL)
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_curl(judgement, chain->hops[i].url_text, NULL);
        judgement_fault(judgement, 0, chain->hops[i].url_text,
                        "Strict-Transport-Security is sent over http, where it has no effect");
    }
}

void check_header_hsts_weak(const struct facts *facts, struct judgement *judgement) {
    if (!need_page(facts, judgement))
        return;
    bool sent = answer_header(facts->page, "Strict-Transport-Security", 0).ptr != NULL;
    bool meta = facts->html != NULL &&
                html_meta(facts->html, "http-equiv", "strict-transport-security", 0).ptr != NULL;
    if (sent)
        judgement_pass(judgement);
    else
        judgement_skip(judgement, "no_header");
    if (sent && facts->page->url.tls)
        check_header_hsts_value(facts, judgement);
    else if (meta && !sent)
        judgement_fault(judgement, 0, facts->page->url_text,
                        "Strict-Transport-Security stands only in <meta>, where it has no effect");
    check_header_hsts_plain(&facts->chain, judgement);
    check_header_hsts_plain(&facts->plain, judgement);
}

static void check_header_no_csp_on(const struct page *page, struct judgement *judgement) {
    struct csp csp;
    page_csp(page, &csp);
    if (csp.count > 0)
        return;
    if (page->html == NULL) {
        judgement_not_tested(judgement, "page_not_parsable");
        return;
    }
    content_show_head(page, judgement, 0);
    judgement_fault(judgement, 0, page->answer->url_text,
                    "Neither a Content-Security-Policy header nor a <meta> policy");
}

void check_header_no_csp(const struct facts *facts, struct judgement *judgement) {
    if (need_html(facts, judgement))
        content_each_answer(facts, judgement, check_header_no_csp_on);
}

static void check_header_sniffing_on(const struct page *page, struct judgement *judgement) {
    struct text value = answer_header(page->answer, "X-Content-Type-Options", 0), first = value;
    if (value.ptr != NULL && text_cut(&value, ',', &first) &&
        text_ieq(text_trim(first), TEXT("nosniff")))
        return;
    content_show_head(page, judgement, 0);
    if (first.ptr == NULL)
        judgement_fault(judgement, 0, page->answer->url_text,
                        "The answer has no X-Content-Type-Options header");
    else
        judgement_fault(judgement, 0, page->answer->url_text,
                        "X-Content-Type-Options is \"%.*s\", not nosniff", JUDGEMENT_VALUE(first));
}

void check_header_sniffing(const struct facts *facts, struct judgement *judgement) {
    content_each_answer(facts, judgement, check_header_sniffing_on);
}

void check_header_no_permissions(const struct facts *facts, struct judgement *judgement) {
    if (!need_html(facts, judgement))
        return;
    judgement_pass(judgement);
    if (answer_header(facts->page, "Permissions-Policy", 0).ptr == NULL)
        judgement_fault(judgement, 0, facts->page->url_text,
                        "The answer has no Permissions-Policy header");
}

static void check_header_content_type_on(const struct page *page, struct judgement *judgement) {
    struct text type = answer_header(page->answer, "Content-Type", 0);
    if (page->answer->response.body.len == 0)
        return;
    if (type.ptr == NULL || type.len == 0) {
        content_show_head(page, judgement, CONTENT_TYPE_MISSING);
        judgement_fault(judgement, CONTENT_TYPE_MISSING, page->answer->url_text,
                        "A body is sent without Content-Type");
    } else if (text_istarts(type, TEXT("text/")) && text_ifind(type, TEXT("charset=")) < 0) {
        content_show_head(page, judgement, CHARSET_MISSING);
        judgement_fault(judgement, CHARSET_MISSING, page->answer->url_text,
                        "Content-Type \"%.*s\" names no charset", JUDGEMENT_VALUE(type));
    }
}

void check_header_content_type(const struct facts *facts, struct judgement *judgement) {
    content_each_answer(facts, judgement, check_header_content_type_on);
    if (facts->page != NULL && facts->page->response.body.len == 0)
        judgement_skip(judgement, "no_body");
}

/* Why a page must not be kept by shared caches; NULL when it may. */
static const char *check_header_sensitive(const struct page *page) {
    struct cookie cookie;
    struct text line;
    if (page->html != NULL && html_has_password_form(page->html))
        return "holds a password form";
    for (size_t i = 0; (line = answer_header(page->answer, "Set-Cookie", i)).ptr != NULL; i++)
        if (cookie_parse(line, &cookie) && !cookie.deletes && cookie_is_session(cookie.name))
            return "sets a session cookie";
    return NULL;
}

static void check_header_cacheable_on(const struct page *page, struct judgement *judgement) {
    const char *why = check_header_sensitive(page);
    struct text value;
    for (size_t i = 0; (value = answer_header(page->answer, "Cache-Control", i)).ptr != NULL; i++)
        if (text_ifind(value, TEXT("no-store")) >= 0 || text_ifind(value, TEXT("private")) >= 0)
            return;
    if (why == NULL)
        return;
    content_show_head(page, judgement, 0);
    judgement_fault(judgement, 0, page->answer->url_text,
                    "The page %s and Cache-Control says neither no-store nor private", why);
}

void check_header_cacheable(const struct facts *facts, struct judgement *judgement) {
    bool sensitive = false;
    content_each_answer(facts, judgement, check_header_cacheable_on);
    for (size_t i = 0; i < facts->pages.count; i++)
        sensitive = sensitive || check_header_sensitive(&facts->pages.items[i]) != NULL;
    if (facts->page != NULL && !sensitive)
        judgement_skip(judgement, "not_sensitive");
}

void check_header_xss_filter(const struct facts *facts, struct judgement *judgement) {
    if (!need_page(facts, judgement))
        return;
    struct text value = answer_header(facts->page, "X-XSS-Protection", 0);
    judgement_pass(judgement);
    if (value.ptr != NULL && text_starts(text_trim(value), TEXT("1")) &&
        text_ifind(value, TEXT("mode=block")) < 0)
        judgement_fault(judgement, 0, facts->page->url_text, "X-XSS-Protection is \"%.*s\"",
                        JUDGEMENT_VALUE(value));
}

void check_header_obsolete(const struct facts *facts, struct judgement *judgement) {
    static const char *const NAMES[] = {"Public-Key-Pins", "Public-Key-Pins-Report-Only",
                                        "Expect-CT", "X-WebKit-CSP", "X-Content-Security-Policy"};
    if (!need_page(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (answer_header(facts->page, NAMES[i], 0).ptr != NULL)
            judgement_fault(judgement, 0, facts->page->url_text, "%s is sent", NAMES[i]);
}

/* The first value of name that differs from its first one. */
static bool check_header_differs(const struct answer *page, const char *name,
                                 struct text *ret_other) {
    struct text first = answer_header(page, name, 0), other;
    for (size_t i = 1; (other = answer_header(page, name, i)).ptr != NULL; i++) {
        if (text_ieq(first, other))
            continue;
        *ret_other = other;
        return true;
    }
    return false;
}

void check_header_conflict(const struct facts *facts, struct judgement *judgement) {
    static const char *const NAMES[] = {
        "Strict-Transport-Security",    "X-Frame-Options",
        "X-Content-Type-Options",       "Referrer-Policy",
        "Cross-Origin-Opener-Policy",   "Cross-Origin-Resource-Policy",
        "Cross-Origin-Embedder-Policy", "X-XSS-Protection",
        "Access-Control-Allow-Origin"};
    struct text other;
    if (!need_page(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (check_header_differs(facts->page, NAMES[i], &other))
            judgement_fault(judgement, 0, facts->page->url_text,
                            "%s is sent with different values, one of them \"%.*s\"", NAMES[i],
                            JUDGEMENT_VALUE(other));
}

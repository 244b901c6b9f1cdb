/* Cookies set anywhere on the way to the page. Values are never repeated: they are secrets. */
#include <string.h>

#include "agents/security/check.h"
#include "agents/security/need.h"
#include "agnostic/probe/suffix.h"

enum { PREFIX_BROKEN = 0, PREFIX_MISSING = 1 };
enum { LIFE_SESSION = 0, LIFE_ANY = 1 };
static const int64_t DAY_S = 86400, SESSION_MAX_DAYS = 30, ANY_MAX_DAYS = 397; /* 13 months */

/* What one cookie does wrong: adds faults to the judgement. */
typedef void (*check_cookie_rule)(const struct found_cookie *found, struct judgement *judgement);

static void check_cookie_each(const struct facts *facts, struct judgement *judgement,
                              check_cookie_rule rule) {
    if (!need_answer(facts, judgement))
        return;
    if (facts->cookie_count == 0)
        judgement_skip(judgement, "no_cookie");
    else
        judgement_pass(judgement);
    for (size_t i = 0; i < facts->cookie_count; i++)
        rule(&facts->cookies[i], judgement);
}

static void check_cookie_blame(const struct found_cookie *found, struct judgement *judgement,
                               size_t variant, const char *words) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_curl(judgement, found->from->url_text, NULL);
    judgement_fault(judgement, variant, found->from->url_text, "Cookie \"%.*s\" %s",
                    JUDGEMENT_VALUE(found->cookie.name), words);
}

/* Over http every cookie can be read on the way, so each counts as a session's. */
static bool check_cookie_is_grave(const struct found_cookie *found) {
    return cookie_is_session(found->cookie.name) || !found->from->url.tls;
}

static void check_cookie_session_secure_of(const struct found_cookie *found,
                                           struct judgement *judgement) {
    if (check_cookie_is_grave(found) && !found->cookie.secure)
        check_cookie_blame(found, judgement, 0,
                           found->from->url.tls ? "of a session lacks Secure"
                                                : "is set over http without Secure");
}

void check_cookie_session_secure(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_session_secure_of);
}

static void check_cookie_http_only_of(const struct found_cookie *found,
                                      struct judgement *judgement) {
    if (cookie_is_session(found->cookie.name) && !found->cookie.http_only)
        check_cookie_blame(found, judgement, 0, "of a session lacks HttpOnly");
}

void check_cookie_http_only(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_http_only_of);
}

static void check_cookie_same_site_of(const struct found_cookie *found,
                                      struct judgement *judgement) {
    struct text value = found->cookie.same_site;
    if (value.ptr == NULL)
        check_cookie_blame(found, judgement, 0, "has no SameSite");
    else if (!text_ieq(value, TEXT("Strict")) && !text_ieq(value, TEXT("Lax")) &&
             !text_ieq(value, TEXT("None")))
        check_cookie_blame(found, judgement, 0, "has a SameSite value that browsers do not know");
}

void check_cookie_same_site(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_same_site_of);
}

static void check_cookie_none_insecure_of(const struct found_cookie *found,
                                          struct judgement *judgement) {
    if (text_ieq(found->cookie.same_site, TEXT("None")) && !found->cookie.secure)
        check_cookie_blame(found, judgement, 0, "is SameSite=None without Secure: it is dropped");
}

void check_cookie_none_insecure(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_none_insecure_of);
}

static void check_cookie_secure_of(const struct found_cookie *found, struct judgement *judgement) {
    if (!check_cookie_is_grave(found) && !found->cookie.secure)
        check_cookie_blame(found, judgement, 0, "lacks Secure");
}

void check_cookie_secure(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_secure_of);
}

/* domain is a true parent of host: "example.com" of "www.example.com". */
static bool check_cookie_is_parent(struct text domain, struct text host) {
    return host.len > domain.len && host.ptr[host.len - domain.len - 1] == '.' &&
           text_ieq(text_make(host.ptr + host.len - domain.len, domain.len), domain);
}

static void check_cookie_domain_of(const struct found_cookie *found, struct judgement *judgement) {
    struct text domain = found->cookie.domain;
    if (domain.len > 0 && domain.ptr[0] == '.')
        domain = text_make(domain.ptr + 1, domain.len - 1);
    if (domain.len == 0 || found->from->url.host_is_ip ||
        !check_cookie_is_parent(domain, text_of(found->from->url.host)))
        return;
    if (suffix_is_public(domain))
        check_cookie_blame(found, judgement, 0, "has a public suffix as Domain: it is dropped");
    else
        check_cookie_blame(found, judgement, 0, "is sent to a parent domain and all its hosts");
}

void check_cookie_domain(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_domain_of);
}

static void check_cookie_prefix_of(const struct found_cookie *found, struct judgement *judgement) {
    const struct cookie *cookie = &found->cookie;
    bool host = text_istarts(cookie->name, TEXT("__Host-"));
    bool secure = text_istarts(cookie->name, TEXT("__Secure-"));
    bool kept = cookie->secure && found->from->url.tls &&
                (!host || (cookie->domain.ptr == NULL && text_is(cookie->path, "/")));
    if ((host || secure) && !kept)
        check_cookie_blame(found, judgement, PREFIX_BROKEN,
                           "breaks the rules of its name's prefix: it is dropped");
    else if (!host && !secure && cookie_is_session(cookie->name) && found->from->url.tls)
        check_cookie_blame(found, judgement, PREFIX_MISSING,
                           "of a session has no __Host- or __Secure- prefix");
}

void check_cookie_prefix(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_prefix_of);
}

static void check_cookie_lifetime_of(const struct found_cookie *found,
                                     struct judgement *judgement) {
    if (cookie_is_session(found->cookie.name) && found->life_s > SESSION_MAX_DAYS * DAY_S)
        check_cookie_blame(found, judgement, LIFE_SESSION,
                           "of a session is kept for more than 30 days");
    else if (found->life_s > ANY_MAX_DAYS * DAY_S)
        check_cookie_blame(found, judgement, LIFE_ANY, "is kept for more than 13 months");
}

void check_cookie_lifetime(const struct facts *facts, struct judgement *judgement) {
    check_cookie_each(facts, judgement, check_cookie_lifetime_of);
}

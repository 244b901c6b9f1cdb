/* What forms send, where, and how. */
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/field.h"
#include "agents/security/need.h"

enum { VALUE_MIN_BYTES = 6 }; /* of a secret in a query; shorter ones are placeholders */

typedef bool (*check_form_asks)(const struct html_field *field);

/* The first field of form that asks so, or NULL. */
static const struct html_field *check_form_field(const struct page *page, int form,
                                                 check_form_asks asks) {
    size_t count;
    const struct html_field *fields = html_fields(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (fields[i].form == form && asks(&fields[i]))
            return &fields[i];
    return NULL;
}

/* Where form is sent; false for what leads to no URL. A field outside of all forms stays here. */
static bool check_form_target(const struct page *page, int form, struct page_url *ret_found) {
    size_t count;
    const struct html_form *forms = html_forms(page->html, &count);
    struct text action = form >= 0 ? forms[form].action : text_make(NULL, 0);
    return page_resolve(page, action.len > 0 ? action : text_of(page->answer->url_text), ret_found);
}

static int check_form_count(const struct page *page) {
    size_t count;
    (void)html_forms(page->html, &count);
    return (int)count;
}

static const struct html_form *check_form_of(const struct page *page, int form) {
    size_t count;
    return &html_forms(page->html, &count)[form];
}

/* Of people who write into that form: is it read on the way? */
static bool check_form_is_plain(const struct page *page, int form, struct page_url *ret_found) {
    return check_form_target(page, form, ret_found) &&
           (!page->answer->url.tls || (!ret_found->url.tls && !content_is_local(&ret_found->url)));
}

/* --- over http ------------------------------------------------------------------------------ */

static void check_form_plain_on(const struct page *page, struct judgement *judgement) {
    struct page_url found;
    for (int form = HTML_NO_FORM; form < check_form_count(page); form++) {
        bool sent = check_form_target(page, form, &found);
        const struct html_field *password = check_form_field(page, form, field_is_password);
        if (page->answer->url.tls && sent && !found.url.tls && !content_is_local(&found.url)) {
            content_show(page, judgement, 0, check_form_of(page, form)->action);
            judgement_fault(judgement, 0, page->answer->url_text,
                            "A form of an https page is sent to http://%s", found.url.host);
        } else if (!page->answer->url.tls && password != NULL) {
            content_show(page, judgement, 0, TEXT("password"));
            judgement_fault(judgement, 0, page->answer->url_text,
                            "A password is asked for on an http page");
        }
    }
}

void check_form_plain(const struct facts *facts, struct judgement *judgement) {
    content_each(facts, judgement, check_form_plain_on);
}

static void check_form_plain_personal_on(const struct page *page, struct judgement *judgement) {
    struct page_url found;
    for (int form = HTML_NO_FORM; form < check_form_count(page); form++) {
        const struct html_field *field = check_form_field(page, form, field_is_personal);
        if (field == NULL || !check_form_is_plain(page, form, &found))
            continue;
        content_show(page, judgement, 0, field->name);
        judgement_fault(judgement, 0, page->answer->url_text,
                        "Personal data (field \"%.*s\") is asked for or sent over http",
                        JUDGEMENT_VALUE(field->name));
    }
}

void check_form_plain_personal(const struct facts *facts, struct judgement *judgement) {
    content_each(facts, judgement, check_form_plain_personal_on);
}

/* --- forged requests ------------------------------------------------------------------------ */

/* Frameworks that send the token by script name it in <meta>. */
static bool check_form_has_meta_token(const struct page *page) {
    static const char *const NAMES[] = {"csrf-token", "csrf_token", "_csrf", "xsrf-token",
                                        "csrf-param"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (html_meta(page->html, "name", NAMES[i], 0).ptr != NULL)
            return true;
    return false;
}

static void check_form_forgeable_on(const struct page *page, struct judgement *judgement) {
    struct page_url found;
    for (int form = 0; form < check_form_count(page) && !check_form_has_meta_token(page); form++) {
        const struct html_form *seen = check_form_of(page, form);
        if (!text_ieq(seen->method, TEXT("post")) || !check_form_target(page, form, &found) ||
            content_is_foreign(page, &found.url) || check_form_field(page, form, field_is_token))
            continue;
        content_show(page, judgement, 0, seen->action);
        judgement_fault(judgement, 0, page->answer->url_text,
                        "A POST form to %.*s has no token, and the session cookie no SameSite",
                        JUDGEMENT_VALUE(found.url.path));
    }
}

/* Cookies that other sites' forms would carry along. */
static bool check_form_has_open_session(const struct facts *facts) {
    for (size_t i = 0; i < facts->cookie_count; i++) {
        const struct cookie *cookie = &facts->cookies[i].cookie;
        if (cookie_is_session(cookie->name) && !text_ieq(cookie->same_site, TEXT("Lax")) &&
            !text_ieq(cookie->same_site, TEXT("Strict")))
            return true;
    }
    return false;
}

void check_form_forgeable(const struct facts *facts, struct judgement *judgement) {
    if (!need_parsed(facts, judgement))
        return;
    if (check_form_has_open_session(facts))
        content_each(facts, judgement, check_form_forgeable_on);
    else
        judgement_skip(judgement, "no_open_session_cookie");
}

/* --- secrets in URLs ------------------------------------------------------------------------ */

static bool check_form_is_secret(const struct html_field *field) {
    return field->name.len > 0 &&
           (field_is_password(field) || field_is_email(field) || field_is_card(field));
}

/* A form without method and action on a page with scripts is theirs to send. */
static bool check_form_is_get(const struct page *page, const struct html_form *form) {
    size_t links, scripts;
    (void)html_scripts(page->html, &scripts);
    const struct html_link *link = html_links(page->html, &links);
    for (size_t i = 0; i < links; i++)
        scripts += link[i].kind == HTML_SCRIPT;
    if (form->method.len == 0 && form->action.len == 0)
        return scripts == 0;
    return form->method.len == 0 || text_ieq(form->method, TEXT("get"));
}

static void check_form_get_on(const struct page *page, struct judgement *judgement) {
    for (int form = 0; form < check_form_count(page); form++) {
        const struct html_field *field = check_form_field(page, form, check_form_is_secret);
        if (field == NULL || !check_form_is_get(page, check_form_of(page, form)))
            continue;
        content_show(page, judgement, 0, field->name);
        judgement_fault(judgement, 0, page->answer->url_text,
                        "Field \"%.*s\" of a GET form ends up in the URL",
                        JUDGEMENT_VALUE(field->name));
    }
}

static bool check_form_is_value(struct text name, struct text value) {
    static const char *const NAMES[] = {"password",      "passwd",  "pwd",          "access_token",
                                        "auth_token",    "api_key", "apikey",       "id_token",
                                        "client_secret", "jwt",     "refresh_token"};
    bool digit = false;
    if (text_ieq(name, TEXT("email")) || text_ieq(name, TEXT("e-mail")))
        return text_find(value, TEXT("@")) > 0 || text_ifind(value, TEXT("%40")) > 0;
    for (size_t i = 0; i < value.len; i++)
        digit = digit || (value.ptr[i] >= '0' && value.ptr[i] <= '9');
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (text_ieq(name, text_of(NAMES[i])))
            return digit && value.len >= VALUE_MIN_BYTES;
    return false;
}

static void check_form_query_link(const struct page *page, const struct html_link *link,
                                  const struct page_url *found, struct judgement *judgement) {
    struct text rest = found->url.query, pair, name;
    if (content_is_foreign(page, &found->url))
        return;
    while (rest.ptr != NULL && text_cut(&rest, '&', &pair)) {
        if (pair.len == 0 || !text_cut(&pair, '=', &name) || pair.ptr == NULL ||
            !check_form_is_value(name, pair))
            continue;
        content_show(page, judgement, 0, name);
        judgement_fault(judgement, 0, page->answer->url_text,
                        "A link to %.*s carries a value in the query parameter \"%.*s\"",
                        JUDGEMENT_VALUE(found->url.path), JUDGEMENT_VALUE(name));
    }
    (void)link;
}

void check_form_url_secrets(const struct facts *facts, struct judgement *judgement) {
    content_each(facts, judgement, check_form_get_on);
    content_each_link(facts, judgement, check_form_query_link);
}

/* --- sessions in URLs ----------------------------------------------------------------------- */

/* Names of session ids in paths and queries, and how long a value must be to be one. */
static const struct {
    const char *name;
    size_t min;
} SESSION_NAMES[] = {{";jsessionid=", 8}, {"phpsessid=", 8},   {"cftoken=", 8},
                     {"sessionid=", 16},  {"session_id=", 16}, {"sid=", 16}};

static size_t check_form_id_len(struct text t) {
    bool digit = false;
    size_t len = 0;
    for (; len < t.len; len++) {
        char c = t.ptr[len];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        digit = digit || (c >= '0' && c <= '9');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.' && c != '=')
            break;
    }
    return digit ? len : 0;
}

static const char *check_form_session_in(struct text url) {
    for (size_t i = 0; i < sizeof(SESSION_NAMES) / sizeof(SESSION_NAMES[0]); i++) {
        struct text name = text_of(SESSION_NAMES[i].name);
        long at = text_ifind(url, name);
        size_t end = at < 0 ? 0 : (size_t)at + name.len;
        bool begins = at > 0 && (name.ptr[0] == ';' || url.ptr[at - 1] == '?' ||
                                 url.ptr[at - 1] == '&' || url.ptr[at - 1] == ';');
        if (begins &&
            check_form_id_len(text_make(url.ptr + end, url.len - end)) >= SESSION_NAMES[i].min)
            return SESSION_NAMES[i].name;
    }
    return NULL;
}

static void check_form_session_link(const struct page *page, const struct html_link *link,
                                    const struct page_url *found, struct judgement *judgement) {
    const char *name = check_form_session_in(text_of(found->text));
    if (name == NULL || content_is_foreign(page, &found->url) ||
        (link->kind != HTML_ANCHOR && link->kind != HTML_ACTION))
        return;
    content_show(page, judgement, 0, text_of(name));
    judgement_fault(judgement, 0, page->answer->url_text,
                    "A link to http%s://%s carries a session id (%s...)", found->url.tls ? "s" : "",
                    found->url.host, name);
}

void check_form_session_in_url(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_form_session_link);
}

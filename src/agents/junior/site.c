/* The lists of a site. Asks nobody. */
#include "agents/junior/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/junior/sniff.h"
#include "agnostic/base/secure.h"
#include "agnostic/probe/canonical.h"

enum { CHARSET_BYTES = 1024 /* WHATWG, encoding sniffing */ };

enum err site_new(const char *target_text, struct site **ret_site) {
    struct site *site = calloc(1, sizeof(*site));
    if (site == NULL)
        return ERR_NOMEM;
    site->target_text = target_text;
    site->start.from = site->start.page = SITE_NONE;
    site->urls = calloc(SITE_URLS_MAX, sizeof(*site->urls));
    site->fragments = calloc(SITE_FRAGMENTS_MAX, sizeof(*site->fragments));
    enum err err = site->urls == NULL || site->fragments == NULL
                       ? ERR_NOMEM
                       : url_parse(text_of(target_text), &site->target, NULL);
    if (err == ERR_OK)
        *ret_site = site;
    else
        site_free(site);
    return err;
}

void site_free(struct site *site) {
    if (site == NULL)
        return;
    for (size_t i = 0; i < site->url_count; i++)
        free(site->urls[i].text);
    for (size_t i = 0; i < site->page_count; i++)
        free(site->pages[i].ids);
    elsewhere_done(&site->elsewhere);
    flaky_done(&site->flaky);
    api_notes_done(&site->api);
    free(site->urls);
    free(site->fragments);
    free(site);
}

uint64_t site_hash(struct text t) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < t.len; i++)
        hash = (hash ^ (unsigned char)t.ptr[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool site_is_own(const struct site *site, const struct url *url) {
    char origin[sizeof(site->origin)];
    url_origin(url, origin, sizeof(origin));
    return strcmp(origin, site->origin) == 0;
}

bool site_leads_away(const struct site *site, struct text text) {
    struct url url;
    return url_parse(text, &url, NULL) == ERR_OK && !site_is_own(site, &url);
}

static uint32_t site_key(const struct url *url) {
    struct buf buf;
    buf_init(&buf, CANONICAL_MAX_BYTES);
    canonical_put(url, &buf);
    uint64_t hash = site_hash(buf_text(&buf));
    buf_done(&buf);
    return (uint32_t)(hash ^ hash >> 32);
}

static bool site_is_same(const struct url *url, const char *known) {
    struct buf a, b;
    struct url other;
    buf_init(&a, CANONICAL_MAX_BYTES);
    buf_init(&b, CANONICAL_MAX_BYTES);
    canonical_put(url, &a);
    bool same = url_parse(text_of(known), &other, NULL) == ERR_OK;
    if (same)
        canonical_put(&other, &b);
    same = same && text_eq(buf_text(&a), buf_text(&b));
    buf_done(&a);
    buf_done(&b);
    return same;
}

static int site_find(const struct site *site, const struct url *url, uint32_t hash) {
    for (size_t i = 0; i < site->url_count; i++)
        if (site->urls[i].hash == hash && site_is_same(url, site->urls[i].text))
            return (int)i;
    return SITE_NONE;
}

int site_add(struct site *site, struct text text, bool is_page, int from) {
    struct url url;
    struct buf normal;
    if (url_parse(text, &url, NULL) != ERR_OK)
        return SITE_NONE;
    if (!site_is_own(site, &url))
        return SITE_NONE;
    uint32_t hash = site_key(&url);
    int found = site_find(site, &url, hash);
    if (found != SITE_NONE) {
        site->urls[found].is_page |= is_page;
        return found;
    }
    buf_init(&normal, 2 * URL_MAX_BYTES);
    url_put(&url, &normal);
    char *kept =
        site->url_count < SITE_URLS_MAX && !normal.failed ? text_dup(buf_text(&normal)) : NULL;
    buf_done(&normal);
    if (kept == NULL) {
        site->dropped++;
        return SITE_NONE;
    }
    site->urls[site->url_count] = (struct site_url){
        .text = kept, .hash = hash, .is_page = is_page, .from = from, .page = SITE_NONE};
    return (int)site->url_count++;
}

uint64_t site_place(struct text name) {
    struct buf buf;
    buf_init(&buf, 3 * name.len + 1);
    canonical_text(name, "!\"#$&'()*+,/:;<=>?@[\\]^`{|}", &buf);
    uint64_t hash = site_hash(buf_text(&buf));
    buf_done(&buf);
    return hash;
}

void site_note_fragment(struct site *site, int from, int to, struct text written) {
    long at = text_find(written, TEXT("#"));
    struct text fragment =
        at < 0 ? text_make(NULL, 0) : text_make(written.ptr + at + 1, written.len - (size_t)at - 1);
    long directive = text_find(fragment, TEXT(":~:")); /* words to look for: not a place's name */
    if (directive >= 0)
        fragment.len = (size_t)directive;
    /* "#top" leads somewhere on every page, and what scripts read is no place */
    if (fragment.len == 0 || text_ieq(fragment, TEXT("top")) || fragment.ptr[0] == '!' ||
        fragment.ptr[0] == '/' || site->fragment_count == SITE_FRAGMENTS_MAX)
        return;
    struct site_fragment *kept = &site->fragments[site->fragment_count++];
    *kept = (struct site_fragment){.from = from, .to = to, .id = site_place(fragment)};
    snprintf(kept->words, sizeof(kept->words), "%.*s", (int)(fragment.len > 60 ? 60 : fragment.len),
             fragment.ptr);
}

void site_note_body(struct site_url *url, const struct http_response *response) {
    struct text type = http_response_header(response, "Content-Type", 0);
    url->is_read = true;
    url->body = response->body_end;
    url->contradiction = sniff_contradiction(type, buf_text(&response->body), !response->truncated);
    snprintf(url->type, sizeof(url->type), "%.*s", TEXT_ARG(text_head(type, SITE_TYPE_SIZE - 1)));
}

bool site_wants_body(const struct site_url *url) {
    bool is_unread = url->page == SITE_NONE && !url->is_read;
    return url->end == SITE_FINE && url->status / 100 == 2 &&
           (is_unread || url->body == HTTP_BODY_SHORT);
}

/* --- a page ----------------------------------------------------------------------------------- */

static int site_by_value(const void *a, const void *b) {
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Which id is there twice? Names of <a> may stand beside an id of the same value. */
static void site_note_twice(struct site_page *page, const struct html_id *ids, size_t count) {
    uint64_t *seen = calloc(count > 0 ? count : 1, sizeof(*seen));
    size_t known = 0;
    for (size_t i = 0; seen != NULL && i < count; i++)
        if (ids[i].is_id)
            seen[known++] = site_hash(ids[i].value);
    if (known > 1)
        qsort(seen, known, sizeof(*seen), site_by_value);
    for (size_t i = 1; i < known; i++) {
        for (size_t k = 0; seen[i] == seen[i - 1] && page->twice[0] == '\0' && k < count; k++)
            if (site_hash(ids[k].value) == seen[i])
                snprintf(page->twice, sizeof(page->twice), "%.*s",
                         (int)(ids[k].value.len > 100 ? 100 : ids[k].value.len), ids[k].value.ptr);
    }
    free(seen);
}

static enum err site_note_ids(struct site_page *page, const struct html *html) {
    size_t count;
    const struct html_id *ids = html_ids(html, &count);
    site_note_twice(page, ids, count);
    page->ids = calloc(count > 0 ? count : 1, sizeof(*page->ids));
    if (page->ids == NULL)
        return ERR_NOMEM;
    for (; page->id_count < count; page->id_count++)
        page->ids[page->id_count] = site_place(ids[page->id_count].value);
    qsort(page->ids, page->id_count, sizeof(*page->ids), site_by_value);
    return ERR_OK;
}

/* Is the type one of those words, which end with NULL? */
static bool site_is_of(struct text type, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_ieq(type, text_of(*words)))
            return true;
    return false;
}

/* Something to press, or one line alone: its Enter sends the form, but no one of several does
 * (HTML, 4.10.21.2). */
static bool site_form_is_sent(const struct html *html, int form) {
    static const char *const BUTTONS[] = {"submit", "image", NULL};
    static const char *const NO_LINES[] = {"hidden", "checkbox", "radio", "button",
                                           "reset",  "file",     "range", "color",
                                           "select", "textarea", NULL};
    size_t count, lines = 0;
    const struct html_field *fields = html_fields(html, &count);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].form != form)
            continue;
        if (site_is_of(fields[i].type, BUTTONS))
            return true;
        lines += !site_is_of(fields[i].type, NO_LINES);
    }
    return lines == 1;
}

/* A page that loads itself anew leads nowhere. */
static bool site_leads_on(const char *page, const struct html *html, const struct html_link *link) {
    struct url at, to;
    struct buf buf;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    bool leads = link->kind == HTML_REFRESH && url_parse(text_of(page), &at, NULL) == ERR_OK &&
                 html_resolve(html, &at, link->url, &buf) == ERR_OK && !buf.failed &&
                 url_parse(buf_text(&buf), &to, NULL) == ERR_OK && !site_is_same(&to, page);
    buf_done(&buf);
    return leads;
}

static void site_note_parts(struct site_page *page, const char *url, const struct html *html) {
    size_t count, scripts;
    (void)html_scripts(html, &scripts);
    scripts += html_has_handlers(html);
    const struct html_link *links = html_links(html, &count);
    for (size_t i = 0; i < count; i++) {
        page->refreshes |= site_leads_on(url, html, &links[i]);
        scripts += links[i].kind == HTML_SCRIPT;
    }
    page->has_scripts = scripts > 0;
    (void)html_forms(html, &count);
    for (size_t i = 0; scripts == 0 && i < count; i++) /* scripts may send whatever they like */
        page->dead_forms += !site_form_is_sent(html, (int)i);
}

/* Does t name a charset, and another than UTF-8? */
static bool site_names_other(struct text t, bool *ret_names) {
    long at = text_ifind(t, TEXT("charset="));
    struct text rest = at < 0 ? TEXT("") : text_make(t.ptr + at + 8, t.len - (size_t)at - 8);
    while (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'' || rest.ptr[0] == ' '))
        rest = text_make(rest.ptr + 1, rest.len - 1);
    *ret_names = at >= 0;
    return at >= 0 && !text_istarts(rest, TEXT("utf-8")) && !text_istarts(rest, TEXT("utf8"));
}

/* The header decides, then the first bytes of the page, where browsers look for <meta charset>. */
static bool site_is_utf8(struct text body, struct text type) {
    bool names;
    bool other = site_names_other(type, &names);
    if (!names)
        other = site_names_other(text_head(body, CHARSET_BYTES), &names);
    return other || text_is_utf8(body);
}

enum err site_read(struct site *site, int index, const struct html *html, struct text body,
                   struct text type) {
    struct site_page *page = &site->pages[site->page_count];
    if (site->page_count == SITE_PAGES_MAX)
        return ERR_OK;
    *page = (struct site_page){.url = index,
                               .has_title = html_title(html).len > 0,
                               .has_doctype = html_has_doctype(html),
                               .is_utf8 = site_is_utf8(body, type),
                               .says_html = text_istarts(type, TEXT("text/html"))};
    site_note_parts(page, site->urls[index].text, html);
    enum err err = site_note_ids(page, html);
    if (err != ERR_OK)
        return err;
    site->urls[index].page = (int)site->page_count++;
    return ERR_OK;
}

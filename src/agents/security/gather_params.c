/* Parameters that links and GET forms of the site have, each given every value of the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/form_query.h"
#include "agents/security/gather_parts.h"
#include "agnostic/probe/canonical.h"

enum { KNOWN_MAX = 64, FAILURES_MAX = 3 /* in a row */, KEY_MAX_BYTES = 4096 };

static const struct http_limits FRONT = {5000, 8000, 256 << 10, 256 << 10};
/* What is found while the pages are gone through. */
struct search {
    struct gather *gather;
    char *known[KNOWN_MAX]; /* path templates with the name of a parameter */
    size_t known_count;
    int failures;
};

static bool params_is_new(struct search *search, const struct url *url, struct text name) {
    struct buf key;
    buf_init(&key, KEY_MAX_BYTES);
    canonical_template(url, &key);
    buf_puts(&key, " ");
    buf_puttext(&key, name);
    bool fresh = !key.failed && search->known_count < KNOWN_MAX;
    for (size_t i = 0; fresh && i < search->known_count; i++)
        fresh = !text_is(buf_text(&key), search->known[i]);
    if (fresh && (search->known[search->known_count] = text_dup(buf_text(&key))) != NULL)
        search->known_count++;
    buf_done(&key);
    return fresh;
}

static void params_ask(struct search *search, const struct url *url, size_t index,
                       enum param_probe probe, struct answer *answer) {
    struct buf full, value;
    buf_init(&full, ANSWER_URL_SIZE - 1);
    buf_init(&value, ANSWER_URL_SIZE - 1);
    canonical_text(text_of(param_probe_get(probe)->value), FORM_QUERY_RESERVED, &value);
    form_query_swap(url, index, buf_text(&value), &full);
    if (!full.failed && answer_url(answer, buf_text(&full), NULL) == ERR_OK) {
        gather_ask(search->gather, answer, NULL, &FRONT);
        gather_count(answer, &search->failures);
    }
    buf_done(&value);
    buf_done(&full);
}

static bool params_is_asked(const struct search *search, struct text name, enum param_probe probe) {
    const bool *modes = search->gather->task->modes;
    if (probe == PARAM_REDIRECT)
        return modes[RULE_SAFE] && param_probe_leads(name);
    return modes[RULE_ACTIVE];
}

static void params_test(struct search *search, const struct url *url, size_t index,
                        struct text name) {
    struct param_facts *params = &search->gather->facts->params;
    bool wanted = false;
    for (int probe = 0; probe < PARAM_PROBE__COUNT; probe++)
        wanted = wanted || params_is_asked(search, name, (enum param_probe)probe);
    if (!wanted || name.len >= PARAM_NAME_SIZE || !params_is_new(search, url, name))
        return;
    if (params->count == PARAMS_MAX) {
        params->omitted++;
        return;
    }
    struct param *param = &params->items[params->count++];
    text_copy(name, param->name, sizeof(param->name));
    for (int probe = 0; probe < PARAM_PROBE__COUNT && search->failures < FAILURES_MAX; probe++)
        if (params_is_asked(search, name, (enum param_probe)probe))
            params_ask(search, url, index, (enum param_probe)probe, &param->answers[probe]);
}

/* Every parameter of a URL of ours that robots.txt does not mind. */
static void params_of(struct search *search, const struct url *url) {
    const struct gather *gather = search->gather;
    char ours[URL_HOST_SIZE + 16], theirs[URL_HOST_SIZE + 16];
    struct text rest = url->query, part;
    url_origin(&gather->facts->page->url, ours, sizeof(ours));
    url_origin(url, theirs, sizeof(theirs));
    if (rest.ptr == NULL || strcmp(ours, theirs) != 0 || crawl_is_unsafe(url->path) ||
        crawl_is_unsafe(url->query) || !robots_allows(gather->robots, url))
        return;
    for (size_t i = 0; search->failures < FAILURES_MAX && text_cut(&rest, '&', &part); i++)
        params_test(search, url, i, form_query_name(part));
}

static bool params_form(const struct page *page, size_t form, struct page_url *ret_found) {
    size_t count;
    const struct html_form *forms = html_forms(page->html, &count);
    struct buf buf;
    buf_init(&buf, ANSWER_URL_SIZE - 1);
    bool found = form_query_is_get(&forms[form]) &&
                 form_query_put(page->html, form, &page->answer->url, &buf) == ERR_OK &&
                 text_copy(buf_text(&buf), ret_found->text, sizeof(ret_found->text)) &&
                 url_parse(text_of(ret_found->text), &ret_found->url, NULL) == ERR_OK;
    buf_done(&buf);
    return found;
}

static void params_page(struct search *search, const struct page *page) {
    size_t link_count, form_count;
    const struct html_link *links = html_links(page->html, &link_count);
    struct page_url found;
    (void)html_forms(page->html, &form_count);
    for (size_t i = 0; i < form_count; i++)
        if (params_form(page, i, &found))
            params_of(search, &found.url);
    for (size_t i = 0; i < link_count; i++)
        if ((links[i].kind == HTML_ANCHOR || links[i].kind == HTML_FRAME) &&
            !crawl_is_unsafe(links[i].words) && page_resolve(page, links[i].url, &found))
            params_of(search, &found.url);
}

void gather_params(struct gather *gather) {
    const struct facts *facts = gather->facts;
    struct search search = {.gather = gather};
    if (facts->page == NULL || gather->robots == NULL || !gather->task->modes[RULE_SAFE])
        return;
    params_of(&search, &facts->page->url);
    for (size_t i = 0; i < facts->pages.count; i++)
        if (facts->pages.items[i].html != NULL)
            params_page(&search, &facts->pages.items[i]);
    while (search.known_count > 0)
        free(search.known[--search.known_count]);
}

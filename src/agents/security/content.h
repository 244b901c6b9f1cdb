/* content: what the checks of pages share: walking the pages, telling whose host something is
 * on, and showing where it stands. */
#ifndef AGENTS_SECURITY_CONTENT_H
#define AGENTS_SECURITY_CONTENT_H

#include "agents/judgement.h"
#include "agents/security/facts.h"

/* What one page does wrong: adds faults to the judgement. */
typedef void (*content_rule)(const struct page *page, struct judgement *judgement);
/* content_each(facts, judgement, rule): rule over every page whose HTML could be read; not tested
 * or skipped, with the reason, when the page behind the target is none. */
void content_each(const struct facts *facts, struct judgement *judgement, content_rule rule);

/* content_settle(facts, judgement): passed so far; not tested when some page was not read whole. */
void content_settle(const struct facts *facts, struct judgement *judgement);
/* content_each_answer(facts, judgement, rule): rule over the page behind the target, whatever it
 * is, and every further HTML page, parsable or not. */
void content_each_answer(const struct facts *facts, struct judgement *judgement, content_rule rule);
/* The same of one link that leads to found. */
typedef void (*content_link_rule)(const struct page *page, const struct html_link *link,
                                  const struct page_url *found, struct judgement *judgement);
/* content_each_link(facts, judgement, rule): rule over every http or https link of these pages. */
void content_each_link(const struct facts *facts, struct judgement *judgement,
                       content_link_rule rule);

/* content_is_foreign(page, url): url belongs to somebody else: another registrable domain. */
bool content_is_foreign(const struct page *page, const struct url *url);
/* content_is_under(host, domain): host is domain or below it. */
bool content_is_under(const char *host, const char *domain);
/* content_is_listed(host, domains): host is under one of the NULL-terminated domains. */
bool content_is_listed(const char *host, const char *const *domains);
/* content_is_unpinned(page, link, found): somebody else's script or style without a digest,
 * although it could have one. */
bool content_is_unpinned(const struct page *page, const struct html_link *link,
                         const struct page_url *found);
/* content_is_local(url): loopback, which browsers trust without TLS. */
bool content_is_local(const struct url *url);

/* content_show(page, judgement, variant, needle): where a fault about to be told can be seen. */
void content_show(const struct page *page, struct judgement *judgement, size_t variant,
                  struct text needle);
/* content_show_head(page, judgement, variant): the same of a fault in the headers. */
void content_show_head(const struct page *page, struct judgement *judgement, size_t variant);
/* content_fault(page, judgement, variant, link, words, found): a link, as written, that leads to
 * found; its query, which may hold secrets, is left out of the note. */
void content_fault(const struct page *page, struct judgement *judgement, size_t variant,
                   const struct html_link *link, const char *words, const struct page_url *found);

#endif

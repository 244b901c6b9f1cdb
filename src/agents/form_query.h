/* form_query: URLs made of others: what a form sends, a query with another value in it. */
#ifndef AGENTS_FORM_QUERY_H
#define AGENTS_FORM_QUERY_H

#include "agnostic/probe/html.h"

/* What a value of a query must not hold as it is, for canonical_text. */
extern const char FORM_QUERY_RESERVED[];

/* form_query_is_get(form): is it sent by GET? */
bool form_query_is_get(const struct html_form *form);
/* form_query_put(html, form, page, buf): what a browser asks for when that GET form of the page
 * fetched from `page` is sent as it stands, passwords left out. ERR_SYNTAX: it leads nowhere, or
 * has nothing to send; buf may then hold a part of it. */
enum err form_query_put(const struct html *html, size_t form, const struct url *page,
                        struct buf *buf);
/* form_query_name(part): of "name=value". */
struct text form_query_name(struct text part);
/* form_query_swap(url, index, value, buf): url with that value, as it is, in the index-th part of
 * its query; value.ptr NULL: without that part. */
void form_query_swap(const struct url *url, size_t index, struct text value, struct buf *buf);

#endif

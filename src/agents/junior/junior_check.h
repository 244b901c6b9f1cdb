/* junior_check: the small functions that judge a site, one per row of junior_rules.c. All pure. */
#ifndef AGENTS_JUNIOR_JUNIOR_CHECK_H
#define AGENTS_JUNIOR_JUNIOR_CHECK_H

#include "agents/judgement.h"
#include "agents/junior/site.h"

#define JUNIOR_CHECK(name)                                                                         \
    void junior_check_##name(const struct site *site, struct judgement *judgement)

JUNIOR_CHECK(answers);
JUNIOR_CHECK(robots);
JUNIOR_CHECK(links);
JUNIOR_CHECK(assets);
JUNIOR_CHECK(asides);
JUNIOR_CHECK(presence);
JUNIOR_CHECK(server_errors);
JUNIOR_CHECK(elsewhere);
JUNIOR_CHECK(fragments);
JUNIOR_CHECK(redirects);
JUNIOR_CHECK(content);
JUNIOR_CHECK(documents);
JUNIOR_CHECK(ids);
JUNIOR_CHECK(forms);
JUNIOR_CHECK(sitemap);
JUNIOR_CHECK(smoke);
JUNIOR_CHECK(flaky);
JUNIOR_CHECK(pictures); /* which nobody compares */
JUNIOR_CHECK(users);    /* of a client who has none */

/* junior_check_needs_site(site, judgement): false, and the judgement says why, when the target did
 * not answer well. junior_check_needs_pages: also when no page was read. */
bool junior_check_needs_site(const struct site *site, struct judgement *judgement);
bool junior_check_needs_pages(const struct site *site, struct judgement *judgement);

#endif

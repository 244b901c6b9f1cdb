/* access: what of a site's pages keeps people out who do not see them or use no mouse, page after
 * page. */
#ifndef AGENTS_SENIOR_ACCESS_H
#define AGENTS_SENIOR_ACCESS_H

#include "agents/judgement.h"
#include "agnostic/probe/html_access.h"

struct access;

/* access_new(&access): ERR_NOMEM. The caller frees with access_free. */
enum err access_new(struct access **ret_access);
void access_free(struct access *access);

/* access_read(access, url, html): one more page. ERR_NOMEM. */
enum err access_read(struct access *access, const char *url, const struct html *html);
/* access_pass_over(access): one more page, which was not read to its end: what an element lacks may
 * stand there. */
void access_pass_over(struct access *access);
/* access_judge(access, rule, judgement): over all pages read; not_tested without any, where scripts
 * of all of them may do what was looked for, and where one was passed over and the others are
 * without fault. */
void access_judge(const struct access *access, enum html_access rule, struct judgement *judgement);

#endif

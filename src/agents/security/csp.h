/* csp: a Content-Security-Policy, read as CSP Level 3 says, and the questions the rules ask
 * of it. Pure; views of the text it was read from. */
#ifndef AGENTS_SECURITY_CSP_H
#define AGENTS_SECURITY_CSP_H

#include "agnostic/base/text.h"

enum { CSP_DIRECTIVES_MAX = 64, CSP_POLICIES_MAX = 8 };

struct csp_directive {
    struct text name, values;
};

struct csp_policy {
    struct csp_directive directives[CSP_DIRECTIVES_MAX]; /* the first of each name */
    size_t count;
    bool meta;         /* from <meta>: frame-ancestors, sandbox and report-uri do not count */
    const char *fault; /* why it is not a valid policy, NULL when it is */
    struct text culprit;
};

/* All policies in force on a page; a browser applies every one of them. */
struct csp {
    struct csp_policy policies[CSP_POLICIES_MAX];
    size_t count;
};

/* csp_add(csp, value, meta): the policies of one header value (comma-separated) or one <meta>.
 * More than CSP_POLICIES_MAX are ignored: further ones can only restrict. */
void csp_add(struct csp *csp, struct text value, bool meta);

/* csp_get(policy, name): the values of a directive, ptr NULL when it is absent. */
struct text csp_get(const struct csp_policy *policy, const char *name);
/* csp_effective(policy, names): the first present of the NULL-terminated names. */
struct text csp_effective(const struct csp_policy *policy, const char *const *names);
/* csp_source(&rest, &source): the next source expression of a directive's values. */
bool csp_source(struct text *rest, struct text *ret_source);
/* csp_lists(values, source): whether values hold exactly that expression (case ignored). */
bool csp_lists(struct text values, const char *source);

/* csp_is_strict(values): holds 'strict-dynamic', so that hosts and schemes are ignored. */
bool csp_is_strict(struct text values);
/* csp_inline(values): 'unsafe-inline' that no nonce, hash or 'strict-dynamic' switches off. */
bool csp_inline(struct text values);
/* csp_wildcard(values, &source): some source that is every host or a whole scheme that
 * leads elsewhere (not data:, blob:): "*", "https:", a host that is "*" alone. */
bool csp_wildcard(struct text values, struct text *ret_source);
/* csp_insecure(values, &source): some source over http: or ftp:. */
bool csp_insecure(struct text values, struct text *ret_source);

#endif

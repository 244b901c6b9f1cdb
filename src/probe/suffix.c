/* Wraps libpsl, so that nothing else includes it. */
#include "agnostic/probe/suffix.h"

#include <libpsl.h>

enum { SUFFIX_DOMAIN_SIZE = 256 };

bool suffix_is_public(struct text domain) {
    char name[SUFFIX_DOMAIN_SIZE];
    const psl_ctx_t *list = psl_builtin();
    return list != NULL && text_copy(domain, name, sizeof(name)) &&
           psl_is_public_suffix2(list, name, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

struct text suffix_registrable(struct text domain) {
    char name[SUFFIX_DOMAIN_SIZE];
    const psl_ctx_t *list = psl_builtin();
    if (list == NULL || !text_copy(domain, name, sizeof(name)))
        return domain;
    const char *end = psl_registrable_domain(list, name);
    if (end == NULL)
        return domain;
    size_t before = (size_t)(end - name);
    return text_make(domain.ptr + before, domain.len - before);
}

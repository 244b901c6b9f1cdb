/* Content-Security-Policy values and Set-Cookie lines as any server may send them. */
#include <stdint.h>

#include "agents/security/cookie.h"
#include "agents/security/csp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_policy(const struct csp_policy *policy) {
    static const char *const NAMES[] = {"script-src", "default-src", NULL};
    struct text values = csp_effective(policy, NAMES), source;
    (void)csp_inline(values);
    (void)csp_wildcard(values, &source);
    (void)csp_insecure(values, &source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct csp csp;
    struct cookie cookie;
    struct text input = text_make((const char *)data, size);
    csp.count = 0;
    csp_add(&csp, input, false);
    csp_add(&csp, input, true);
    for (size_t i = 0; i < csp.count; i++)
        ask_policy(&csp.policies[i]);
    if (cookie_parse(input, &cookie))
        (void)cookie_is_session(cookie.name);
    return 0;
}

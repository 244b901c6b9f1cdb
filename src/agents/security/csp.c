/* Reads policies and answers questions about them. Knows nothing about rules or pages. */
#include "agents/security/csp.h"

static bool csp_is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool csp_is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool csp_is_alnum(char c) {
    return csp_is_alpha(c) || (c >= '0' && c <= '9');
}

bool csp_source(struct text *rest, struct text *ret_source) {
    size_t start = 0;
    while (start < rest->len && csp_is_blank(rest->ptr[start]))
        start++;
    size_t end = start;
    while (end < rest->len && !csp_is_blank(rest->ptr[end]))
        end++;
    if (end == start)
        return false;
    *ret_source = text_make(rest->ptr + start, end - start);
    *rest = text_make(rest->ptr + end, rest->len - end);
    return true;
}

static void csp_blame(struct csp_policy *policy, const char *fault, struct text culprit) {
    if (policy->fault != NULL)
        return;
    policy->fault = fault;
    policy->culprit = culprit;
}

static bool csp_is_name(struct text name) {
    for (size_t i = 0; i < name.len; i++)
        if (!csp_is_alnum(name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return true;
}

static bool csp_is_plain_ascii(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] < 0x20 ? !csp_is_blank(t.ptr[i])
                                           : (unsigned char)t.ptr[i] > 0x7e)
            return false;
    return true;
}

/* Keywords written without their quotes are taken for host names by browsers. */
static bool csp_is_bare_keyword(struct text source) {
    static const char *const WORDS[] = {"self", "none", "unsafe-inline", "unsafe-eval",
                                        "strict-dynamic"};
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (text_ieq(source, text_of(WORDS[i])))
            return true;
    return false;
}

static bool csp_is_fetch_list(struct text name) {
    static const char *const OTHERS[] = {"base-uri", "form-action", "frame-ancestors"};
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
        if (text_ieq(name, text_of(OTHERS[i])))
            return true;
    return text_ifind(name, TEXT("-src")) >= 0;
}

static void csp_directive(struct csp_policy *policy, struct text part) {
    struct text name, source, rest = part;
    if (!csp_source(&rest, &name))
        return;
    if (!csp_is_name(name)) {
        csp_blame(policy, "a directive name is not a word", name);
        return;
    }
    if (policy->count == CSP_DIRECTIVES_MAX)
        return;
    for (size_t i = 0; i < policy->count; i++) {
        if (text_ieq(policy->directives[i].name, name)) {
            csp_blame(policy, "a directive is given twice, browsers ignore the second", name);
            return;
        }
    }
    policy->directives[policy->count++] = (struct csp_directive){name, text_trim(rest)};
    while (csp_is_fetch_list(name) && csp_source(&rest, &source))
        if (csp_is_bare_keyword(source))
            csp_blame(policy, "a keyword lacks its single quotes", source);
}

static void csp_policy_read(struct csp_policy *policy, struct text value, bool meta) {
    struct text rest = value, part;
    *policy = (struct csp_policy){.meta = meta};
    while (text_cut(&rest, ';', &part)) {
        if (!csp_is_plain_ascii(part))
            csp_blame(policy, "it holds bytes that are not printable ASCII", text_trim(part));
        else
            csp_directive(policy, part);
    }
    if (policy->count == 0)
        csp_blame(policy, "it holds no directive", text_trim(value));
}

void csp_add(struct csp *csp, struct text value, bool meta) {
    struct text rest = value, part;
    if (value.ptr == NULL)
        return;
    bool empty = text_trim(value).len == 0;
    while (csp->count < CSP_POLICIES_MAX && text_cut(&rest, ',', &part))
        if (empty || text_trim(part).len > 0) /* "a, " is one policy */
            csp_policy_read(&csp->policies[csp->count++], part, meta);
}

struct text csp_get(const struct csp_policy *policy, const char *name) {
    for (size_t i = 0; i < policy->count; i++)
        if (text_ieq(policy->directives[i].name, text_of(name)))
            return policy->directives[i].values;
    return (struct text){NULL, 0};
}

struct text csp_effective(const struct csp_policy *policy, const char *const *names) {
    struct text values = {NULL, 0};
    for (; values.ptr == NULL && *names != NULL; names++)
        values = csp_get(policy, *names);
    return values;
}

bool csp_lists(struct text values, const char *wanted) {
    struct text source;
    while (csp_source(&values, &source))
        if (text_ieq(source, text_of(wanted)))
            return true;
    return false;
}

bool csp_is_strict(struct text values) {
    return csp_lists(values, "'strict-dynamic'");
}

static bool csp_has_nonce_or_hash(struct text values) {
    struct text source;
    while (csp_source(&values, &source))
        if (text_istarts(source, TEXT("'nonce-")) || text_istarts(source, TEXT("'sha256-")) ||
            text_istarts(source, TEXT("'sha384-")) || text_istarts(source, TEXT("'sha512-")))
            return true;
    return false;
}

bool csp_inline(struct text values) {
    return csp_lists(values, "'unsafe-inline'") && !csp_has_nonce_or_hash(values) &&
           !csp_is_strict(values);
}

/* "https:" and the like. */
static bool csp_is_scheme(struct text source) {
    if (source.len < 2 || !csp_is_alpha(source.ptr[0]) || source.ptr[source.len - 1] != ':')
        return false;
    for (size_t i = 1; i + 1 < source.len; i++) {
        char c = source.ptr[i];
        if (!csp_is_alnum(c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    return true;
}

/* The host is "*" alone, whatever scheme, port and path stand around it. */
static bool csp_is_any_host(struct text source) {
    long scheme = text_find(source, TEXT("://"));
    struct text host = source;
    if (scheme >= 0)
        host = text_make(source.ptr + scheme + 3, source.len - (size_t)scheme - 3);
    return host.len > 0 && host.ptr[0] == '*' &&
           (host.len == 1 || host.ptr[1] == ':' || host.ptr[1] == '/');
}

/* Schemes of what the page itself made; nothing is fetched from elsewhere. */
static bool csp_is_local(struct text source) {
    static const char *const SCHEMES[] = {"data:", "blob:", "filesystem:", "mediastream:"};
    for (size_t i = 0; i < sizeof(SCHEMES) / sizeof(SCHEMES[0]); i++)
        if (text_ieq(source, text_of(SCHEMES[i])))
            return true;
    return false;
}

bool csp_wildcard(struct text values, struct text *ret_source) {
    struct text source;
    while (csp_source(&values, &source)) {
        if (csp_is_local(source) || !(csp_is_scheme(source) || csp_is_any_host(source)))
            continue;
        *ret_source = source;
        return true;
    }
    return false;
}

bool csp_insecure(struct text values, struct text *ret_source) {
    struct text source;
    while (csp_source(&values, &source)) {
        if (!text_istarts(source, TEXT("http:")) && !text_istarts(source, TEXT("ftp:")))
            continue;
        *ret_source = source;
        return true;
    }
    return false;
}

/* What the page's policies leave open. A browser applies all policies at once, so a fault
 * counts only when every one of them leaves it open. */
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/need.h"

enum { INSECURE_ACTIVE = 0, INSECURE_PASSIVE = 1 };

static const char *const SCRIPT[] = {"script-src", "default-src", NULL};
static const char *const SCRIPT_ELEMENT[] = {"script-src-elem", "script-src", "default-src", NULL};
static const char *const SCRIPT_ATTRIBUTE[] = {"script-src-attr", "script-src", "default-src",
                                               NULL};
static const char *const OBJECT[] = {"object-src", "default-src", NULL};
static const char *const STYLE[] = {"style-src", "default-src", NULL};

/* What one policy leaves open, in words; NULL when nothing. ret_culprit: the source. */
typedef const char *(*check_csp_hole)(const struct csp_policy *policy, struct text *ret_culprit);

/* The hole of the first policy, when every policy has one. */
static const char *check_csp_every(const struct csp *csp, check_csp_hole hole,
                                   struct text *ret_culprit) {
    const char *words = NULL;
    for (size_t i = csp->count; i-- > 0;) {
        words = hole(&csp->policies[i], ret_culprit);
        if (words == NULL)
            return NULL;
    }
    return words;
}

/* Every page that has a policy; the one behind the target must. */
static void check_csp_judge(const struct facts *facts, struct judgement *judgement,
                            check_csp_hole hole) {
    struct csp csp;
    if (!need_policy(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        struct text culprit = {"", 0};
        page_csp(page, &csp);
        const char *words = page->is_html ? check_csp_every(&csp, hole, &culprit) : NULL;
        if (words == NULL)
            continue;
        content_show_head(page, judgement, 0);
        judgement_fault(judgement, 0, page->answer->url_text, "%s%s%.*s", words,
                        culprit.len > 0 ? ": " : "", JUDGEMENT_VALUE(culprit));
    }
}

static const char *check_csp_open_script(const struct csp_policy *policy,
                                         struct text *ret_culprit) {
    struct text element = csp_effective(policy, SCRIPT_ELEMENT);
    struct text attribute = csp_effective(policy, SCRIPT_ATTRIBUTE);
    if (csp_effective(policy, SCRIPT).ptr == NULL && (element.ptr == NULL || attribute.ptr == NULL))
        return "Scripts are not restricted: neither script-src nor default-src";
    if (csp_inline(element) || csp_inline(attribute)) {
        *ret_culprit = csp_inline(element) ? element : attribute;
        return "Inline scripts are allowed ('unsafe-inline')";
    }
    if (csp_lists(element, "data:") && !csp_is_strict(element)) {
        *ret_culprit = element;
        return "Scripts from data: URLs are allowed";
    }
    return NULL;
}

void check_csp_inline_script(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_open_script);
}

static const char *check_csp_open_eval(const struct csp_policy *policy, struct text *ret_culprit) {
    struct text script = csp_effective(policy, SCRIPT);
    if (!csp_lists(script, "'unsafe-eval'"))
        return NULL;
    *ret_culprit = script;
    return "eval() is allowed ('unsafe-eval')";
}

void check_csp_eval(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_open_eval);
}

static const char *check_csp_open_wildcard(const struct csp_policy *policy,
                                           struct text *ret_culprit) {
    struct text script = csp_effective(policy, SCRIPT_ELEMENT);
    struct text object = csp_effective(policy, OBJECT);
    if (!csp_is_strict(script) && csp_wildcard(script, ret_culprit))
        return "Scripts may come from any host or a whole scheme";
    if (csp_wildcard(object, ret_culprit))
        return "Plug-ins may come from any host or a whole scheme";
    return NULL;
}

void check_csp_wildcard(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_open_wildcard);
}

static const char *check_csp_no_object(const struct csp_policy *policy, struct text *ret_culprit) {
    (void)ret_culprit;
    return csp_get(policy, "object-src").ptr == NULL &&
                   !csp_lists(csp_get(policy, "default-src"), "'none'")
               ? "object-src is missing and default-src is not 'none'"
               : NULL;
}

static const char *check_csp_no_base(const struct csp_policy *policy, struct text *ret_culprit) {
    (void)ret_culprit;
    return csp_get(policy, "base-uri").ptr == NULL ? "base-uri is missing" : NULL;
}

static const char *check_csp_no_form(const struct csp_policy *policy, struct text *ret_culprit) {
    (void)ret_culprit;
    return csp_get(policy, "form-action").ptr == NULL ? "form-action is missing" : NULL;
}

static const char *check_csp_no_frame(const struct csp_policy *policy, struct text *ret_culprit) {
    (void)ret_culprit;
    if (!policy->meta && csp_get(policy, "frame-ancestors").ptr != NULL)
        return NULL;
    return "frame-ancestors is missing";
}

void check_csp_object_base(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_no_object);
    check_csp_judge(facts, judgement, check_csp_no_base);
}

void check_csp_form_frame(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_no_form);
    check_csp_judge(facts, judgement, check_csp_no_frame);
}

static bool check_csp_is_passive(struct text name) {
    return text_ieq(name, TEXT("img-src")) || text_ieq(name, TEXT("media-src"));
}

/* Directives that hold sources from which something is loaded or to which something is sent. */
static bool check_csp_loads(struct text name) {
    return text_ends(name, TEXT("-src")) || text_ends(name, TEXT("-src-elem")) ||
           text_ends(name, TEXT("-src-attr")) || text_ieq(name, TEXT("form-action")) ||
           text_ieq(name, TEXT("base-uri"));
}

static void check_csp_insecure_in(const struct csp_directive *directive, const char *url,
                                  struct judgement *judgement) {
    struct text source;
    /* Beside 'strict-dynamic' hosts and schemes stand only for browsers that do not know it. */
    if (!check_csp_loads(directive->name) || csp_is_strict(directive->values) ||
        !csp_insecure(directive->values, &source))
        return;
    judgement_fault(judgement,
                    check_csp_is_passive(directive->name) ? INSECURE_PASSIVE : INSECURE_ACTIVE, url,
                    "%.*s allows %.*s", JUDGEMENT_VALUE(directive->name), JUDGEMENT_VALUE(source));
}

void check_csp_insecure_source(const struct facts *facts, struct judgement *judgement) {
    if (!need_policy(facts, judgement))
        return;
    if (!facts->page->url.tls) {
        judgement_skip(judgement, "not_https");
        return;
    }
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->csp.count; i++)
        if (csp_get(&facts->csp.policies[i], "upgrade-insecure-requests").ptr != NULL)
            return; /* one policy that says so upgrades every request of the page */
    for (size_t i = 0; i < facts->csp.count; i++)
        for (size_t k = 0; k < facts->csp.policies[i].count; k++)
            check_csp_insecure_in(&facts->csp.policies[i].directives[k], facts->page->url_text,
                                  judgement);
}

static const char *check_csp_open_style(const struct csp_policy *policy, struct text *ret_culprit) {
    struct text style = csp_effective(policy, STYLE), scripts;
    if (check_csp_open_script(policy, &scripts) != NULL ||
        check_csp_open_wildcard(policy, &scripts) != NULL)
        return NULL; /* told as CSP-01 or CSP-03: what scripts may do includes styles */
    *ret_culprit = style;
    if (csp_inline(style))
        return "Inline styles are allowed ('unsafe-inline')";
    if (csp_lists(style, "data:"))
        return "Styles from data: URLs are allowed";
    return csp_wildcard(style, ret_culprit) ? "Styles may come from anywhere" : NULL;
}

void check_csp_inline_style(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_open_style);
}

void check_csp_invalid(const struct facts *facts, struct judgement *judgement) {
    if (!need_html(facts, judgement))
        return;
    if (facts->csp.count + facts->csp_report_only.count == 0) {
        judgement_skip(judgement, "no_policy");
        return;
    }
    judgement_pass(judgement);
    if (facts->csp.count == 0)
        judgement_fault(judgement, 0, facts->page->url_text,
                        "Content-Security-Policy-Report-Only alone blocks nothing");
    for (size_t i = 0; i < facts->csp.count; i++)
        if (facts->csp.policies[i].fault != NULL)
            judgement_fault(judgement, 0, facts->page->url_text,
                            "The policy is not valid: %s: \"%.*s\"", facts->csp.policies[i].fault,
                            JUDGEMENT_VALUE(facts->csp.policies[i].culprit));
}

/* Hosts that serve anybody's wish: AngularJS, every package there is, or JSONP. */
static const char *const BYPASS_HOSTS[] = {
    "ajax.googleapis.com", "cdnjs.cloudflare.com",     "cdn.jsdelivr.net", "unpkg.com",
    "code.angularjs.org",  "accounts.google.com",      "www.google.com",   "www.googleapis.com",
    "maps.googleapis.com", "translate.googleapis.com", "www.youtube.com",  "esm.sh",
    "yastatic.net",        "www.googleadservices.com", "www.gstatic.com",  NULL};

/* The host of a source without a path; a path narrows it to what the site chose. */
static struct text check_csp_host(struct text source) {
    long scheme = text_find(source, TEXT("://"));
    if (scheme >= 0)
        source = text_make(source.ptr + scheme + 3, source.len - (size_t)scheme - 3);
    if (text_ends(source, TEXT("/")))
        source.len--;
    if (text_find(source, TEXT("/")) >= 0)
        return text_make(NULL, 0);
    long port = text_find(source, TEXT(":"));
    return port >= 0 ? text_make(source.ptr, (size_t)port) : source;
}

static bool check_csp_is_bypass(struct text host) {
    for (size_t i = 0; host.len > 0 && BYPASS_HOSTS[i] != NULL; i++) {
        struct text known = text_of(BYPASS_HOSTS[i]);
        bool below = text_starts(host, TEXT("*.")) && known.len >= host.len &&
                     text_ieq(text_make(known.ptr + known.len - host.len + 1, host.len - 1),
                              text_make(host.ptr + 1, host.len - 1));
        if (below || text_ieq(known, host))
            return true;
    }
    return false;
}

static const char *check_csp_open_host(const struct csp_policy *policy, struct text *ret_culprit) {
    struct text script = csp_effective(policy, SCRIPT_ELEMENT), source;
    if (csp_is_strict(script))
        return NULL;
    while (csp_source(&script, &source)) {
        if (!check_csp_is_bypass(check_csp_host(source)))
            continue;
        *ret_culprit = source;
        return "Scripts may come from a host that serves anybody's code";
    }
    return NULL;
}

void check_csp_bypass(const struct facts *facts, struct judgement *judgement) {
    check_csp_judge(facts, judgement, check_csp_open_host);
}

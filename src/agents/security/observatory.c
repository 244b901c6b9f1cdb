/* One small function a test, each the modifier of what it sees; the sum and its grade. */
#include "agents/security/observatory.h"

#include <string.h>

#include "agents/security/hsts.h"
#include "agnostic/probe/suffix.h"

enum { NOT_MEASURED = 1000, EXTRA_CREDIT_FROM = 90 };

/* --- Content-Security-Policy ----------------------------------------------------------------- */

static const char *const SCRIPT[] = {"script-src", "default-src", NULL};
static const char *const OBJECT[] = {"object-src", "default-src", NULL};
static const char *const STYLE[] = {"style-src", "default-src", NULL};

static bool is_open(struct text values) {
    struct text source;
    return values.ptr == NULL || csp_wildcard(values, &source);
}

static bool is_passive(struct text name) {
    return text_ieq(name, TEXT("img-src")) || text_ieq(name, TEXT("media-src"));
}

static bool is_insecure(const struct csp_policy *policy, bool passive) {
    struct text source;
    for (size_t i = 0; i < policy->count; i++)
        if (is_passive(policy->directives[i].name) == passive &&
            !csp_is_strict(policy->directives[i].values) &&
            csp_insecure(policy->directives[i].values, &source))
            return true;
    return false;
}

/* script-src with strict-dynamic and nothing that it could spread from. */
static bool is_futile(struct text script) {
    struct text source;
    if (!csp_is_strict(script))
        return false;
    while (csp_source(&script, &source))
        if (text_starts(source, TEXT("'nonce-")) || text_starts(source, TEXT("'sha")))
            return false;
    return true;
}

static int csp_modifier(const struct csp_policy *policy, bool https) {
    struct text script = csp_effective(policy, SCRIPT), style = csp_effective(policy, STYLE);
    struct text otherwise = csp_get(policy, "default-src");
    if (is_futile(script))
        return -25;
    if ((!csp_is_strict(script) && (is_open(script) || csp_lists(script, "data:"))) ||
        csp_inline(script) || is_open(csp_effective(policy, OBJECT)))
        return -20;
    if (https && is_insecure(policy, false))
        return -20;
    if (csp_lists(script, "'unsafe-eval'") || csp_lists(style, "'unsafe-eval'") ||
        (https && is_insecure(policy, true)))
        return -10;
    if (csp_inline(style) || csp_lists(style, "data:") || is_open(style))
        return 0;
    return text_ieq(text_trim(otherwise), TEXT("'none'")) ? 10 : 5;
}

static int judge_csp(const struct facts *facts) {
    int best = -25; /* none, or one that only reports */
    for (size_t i = 0; i < facts->csp.count; i++) {
        int modifier = csp_modifier(&facts->csp.policies[i], facts->page->url.tls);
        best = modifier > best ? modifier : best;
    }
    return best;
}

/* --- transport ------------------------------------------------------------------------------- */

static bool is_trusted(const struct facts *facts) {
    const struct tls_shake *shake = &facts->tls.shake;
    return facts->tls.best.completed && shake->verify_error_count == 0 && shake->host_matches &&
           !shake->expired && !shake->not_yet_valid;
}

static int judge_hsts(const struct facts *facts) {
    if (!facts->page->url.tls)
        return facts->tls.best.completed ? NOT_MEASURED : -20;
    if (!is_trusted(facts))
        return -20;
    uint64_t seconds;
    struct text value = answer_header(facts->page, "Strict-Transport-Security", 0);
    if (answer_header_count(facts->page, "Strict-Transport-Security") != 1 ||
        !hsts_max_age(value, &seconds))
        return -20;
    return seconds < HSTS_MIN_S ? -10 : 0;
}

static int judge_redirection(const struct facts *facts) {
    const struct chain *route = facts->target.tls ? &facts->plain : &facts->chain;
    if (route->end == CHAIN_NOT_ASKED)
        return NOT_MEASURED;
    if (route->count == 0 || route->hops[0].err != ERR_OK)
        return 0; /* nothing is served over http */
    if (route->count == 1 || !route->hops[route->count - 1].url.tls)
        return -20;
    if (!route->hops[1].url.tls)
        return -10;
    return strcmp(route->hops[0].url.host, route->hops[1].url.host) == 0 ? 0 : -5;
}

/* --- cookies --------------------------------------------------------------------------------- */

static bool cookie_names(const struct cookie *cookie, struct text part) {
    return text_ifind(cookie->name, part) >= 0;
}

static bool same_site_is_valid(const struct cookie *cookie) {
    struct text value = cookie->same_site;
    return text_ieq(value, TEXT("Strict")) || text_ieq(value, TEXT("Lax")) ||
           (text_ieq(value, TEXT("None")) && cookie->secure);
}

static int cookie_modifier(const struct cookie *cookie, bool hsts) {
    bool session = cookie_names(cookie, TEXT("login")) || cookie_names(cookie, TEXT("sess"));
    if (session && !cookie->secure && !hsts)
        return -40;
    if (session && !cookie->http_only)
        return -30;
    if (cookie->same_site.ptr != NULL ? !same_site_is_valid(cookie)
                                      : cookie_names(cookie, TEXT("csrf")))
        return -20;
    if (!cookie->secure)
        return !hsts ? -20 : session ? -10 : -5;
    return cookie->same_site.ptr != NULL ? 5 : 0;
}

static int judge_cookies(const struct facts *facts) {
    bool hsts = judge_hsts(facts) == 0;
    int worst = facts->first_cookie_count > 0 ? 5 : 0;
    for (size_t i = 0; i < facts->first_cookie_count; i++) {
        int modifier = cookie_modifier(&facts->cookies[i].cookie, hsts);
        worst = modifier < worst ? modifier : worst;
    }
    return worst;
}

/* --- other headers --------------------------------------------------------------------------- */

static int judge_cors(const struct facts *facts) {
    const struct answer *answer = &facts->cors.answers[ORIGIN_FOREIGN];
    if (!answer->asked || answer->err != ERR_OK)
        return NOT_MEASURED;
    bool reflected = text_eq(answer_header(answer, "Access-Control-Allow-Origin", 0),
                             text_of(facts->cors.origin[ORIGIN_FOREIGN]));
    struct text credentials = answer_header(answer, "Access-Control-Allow-Credentials", 0);
    return reflected && text_ieq(text_trim(credentials), TEXT("true")) ? -50 : 0;
}

/* The modifier of the first word that equals value, `otherwise` when none does. */
struct word_row {
    const char *word;
    int modifier;
};
static int look_up(struct text value, const struct word_row *rows, int otherwise) {
    for (; rows->word != NULL; rows++)
        if (text_ieq(text_trim(value), text_of(rows->word)))
            return rows->modifier;
    return otherwise;
}

static int judge_referrer(const struct facts *facts) {
    static const struct word_row WORDS[] = {{"no-referrer", 5},
                                            {"same-origin", 5},
                                            {"strict-origin", 5},
                                            {"strict-origin-when-cross-origin", 5},
                                            {"origin", -5},
                                            {"origin-when-cross-origin", -5},
                                            {"unsafe-url", -5},
                                            {"no-referrer-when-downgrade", -5},
                                            {NULL, 0}};
    struct text list, part;
    int modifier = 0;
    for (size_t i = 0; (list = answer_header(facts->page, "Referrer-Policy", i)).ptr != NULL; i++)
        while (text_cut(&list, ',', &part))
            modifier = look_up(part, WORDS, modifier == 0 ? -5 : modifier);
    return modifier;
}

static int judge_sniffing(const struct facts *facts) {
    static const struct word_row WORDS[] = {{"nosniff", 0}, {NULL, 0}};
    return look_up(answer_header(facts->page, "X-Content-Type-Options", 0), WORDS, -5);
}

static int judge_framing(const struct facts *facts) {
    static const struct word_row WORDS[] = {{"deny", 0}, {"sameorigin", 0}, {NULL, 0}};
    struct text value = text_trim(answer_header(facts->page, "X-Frame-Options", 0));
    for (size_t i = 0; i < facts->csp.count; i++)
        if (!facts->csp.policies[i].meta &&
            csp_get(&facts->csp.policies[i], "frame-ancestors").ptr != NULL)
            return 5;
    return text_istarts(value, TEXT("allow-from")) ? 0 : look_up(value, WORDS, -20);
}

static int judge_resource_policy(const struct facts *facts) {
    static const struct word_row WORDS[] = {
        {"same-origin", 10}, {"same-site", 10}, {"cross-origin", 0}, {NULL, 0}};
    struct text value = answer_header(facts->page, "Cross-Origin-Resource-Policy", 0);
    return value.ptr == NULL ? 0 : look_up(value, WORDS, -5);
}

/* --- scripts --------------------------------------------------------------------------------- */

/* A script's URL: from elsewhere, over https? false: not a URL one can load. */
static bool script_place(const struct facts *facts, const struct html_link *script, bool *foreign,
                         bool *https) {
    struct url url;
    struct buf full;
    buf_init(&full, URL_MAX_BYTES);
    bool found = html_resolve(facts->html, &facts->page->url, script->url, &full) == ERR_OK &&
                 !full.failed && url_parse(buf_text(&full), &url, NULL) == ERR_OK;
    if (found) {
        struct text own = suffix_registrable(text_of(facts->page->url.host));
        /* what inherits its scheme is not counted as secure, whoever serves it */
        bool inherits = text_starts(script->url, TEXT("//"));
        *foreign = inherits || !text_ieq(suffix_registrable(text_of(url.host)), own);
        *https = url.tls && !inherits;
    }
    buf_done(&full);
    return found;
}

static int script_modifier(bool integrity, bool https) {
    if (integrity)
        return https ? 5 : -20;
    return https ? -5 : -50;
}

static int judge_integrity(const struct facts *facts) {
    size_t count;
    const struct html_link *links;
    bool foreign, https, bonus = false;
    int worst = 5;
    if (facts->html == NULL)
        return facts->is_html ? NOT_MEASURED : 0;
    links = html_links(facts->html, &count);
    for (size_t i = 0; i < count; i++) {
        if (links[i].kind != HTML_SCRIPT || !script_place(facts, &links[i], &foreign, &https))
            continue;
        bool integrity = links[i].integrity.len > 0;
        int modifier = foreign ? script_modifier(integrity, https) : 5;
        worst = modifier < worst ? modifier : worst;
        bonus = bonus || foreign || (integrity && https);
    }
    return worst < 5 || bonus ? worst : 0;
}

/* --- the sum --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*judge)(const struct facts *facts);
} TESTS[OBSERVATORY_TESTS] = {
    {"content-security-policy", judge_csp},
    {"cookies", judge_cookies},
    {"cross-origin-resource-sharing", judge_cors},
    {"redirection", judge_redirection},
    {"referrer-policy", judge_referrer},
    {"strict-transport-security", judge_hsts},
    {"subresource-integrity", judge_integrity},
    {"x-content-type-options", judge_sniffing},
    {"x-frame-options", judge_framing},
    {"cross-origin-resource-policy", judge_resource_policy},
};

static const char *grade_of(int score) {
    static const struct {
        int from;
        const char *grade;
    } GRADES[] = {{100, "A+"}, {90, "A"},  {85, "A-"}, {80, "B+"}, {70, "B"},
                  {65, "B-"},  {60, "C+"}, {50, "C"},  {45, "C-"}, {40, "D+"},
                  {30, "D"},   {25, "D-"}, {0, "F"}};
    size_t i = 0;
    while (score < GRADES[i].from)
        i++;
    return GRADES[i].grade;
}

bool observatory_judge(const struct facts *facts, struct observatory *ret_observatory) {
    struct observatory sum = {0};
    int bonus = 0, plain = 100;
    if (facts->page == NULL)
        return false;
    for (size_t i = 0; i < OBSERVATORY_TESTS; i++) {
        int modifier = TESTS[i].judge(facts);
        sum.tests[i].name = TESTS[i].name;
        sum.tests[i].measured = modifier != NOT_MEASURED;
        if (!sum.tests[i].measured)
            continue;
        sum.tests[i].modifier = modifier;
        sum.measured++;
        bonus += modifier > 0 ? modifier : 0;
        plain += modifier < 0 ? modifier : 0;
    }
    sum.score = plain >= EXTRA_CREDIT_FROM ? plain + bonus : plain > 0 ? plain : 0;
    sum.grade = grade_of(sum.score);
    *ret_observatory = sum;
    return true;
}

void observatory_put(const struct observatory *observatory, struct json_out *out) {
    json_out_object(out);
    json_out_member_int(out, "score", observatory->score);
    json_out_member(out, "grade", observatory->grade);
    json_out_name(out, "tests");
    json_out_array(out);
    for (size_t i = 0; i < OBSERVATORY_TESTS; i++) {
        json_out_object(out);
        json_out_member(out, "name", observatory->tests[i].name);
        json_out_name(out, "modifier");
        if (observatory->tests[i].measured)
            json_out_int(out, observatory->tests[i].modifier);
        else
            json_out_null(out);
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}

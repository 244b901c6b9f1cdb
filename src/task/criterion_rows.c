/* What sentences may say of acceptance, a pattern a row. Must not know how any of it is measured.
 */
#include "task/criterion_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "task/criterion_pieces.h"

enum {
    NUMBER_SIZE = 32,
    MS_PER_S = 1000,
    S_PER_MIN = 60,
    MIN_PER_H = 60,
    PERCENT = 100,
    RULE_OF_THREE = 3,
    ROUNDED = 1000000000 /* shares, to so many parts of one */
};

static bool criterion_number(const struct pattern_match *match, const char *name, double *ret) {
    struct text digits = pattern_group(match, name);
    char plain[NUMBER_SIZE];
    size_t len = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (len + 1 == sizeof(plain))
            return false;
        if (digits.ptr[i] != ',')
            plain[len++] = digits.ptr[i];
    }
    plain[len] = '\0';
    *ret = strtod(plain, NULL);
    return len > 0 && isfinite(*ret);
}

/* --- metrics ------------------------------------------------------------------------------- */

static const struct {
    const char *word, *metric;
} RANKS[] = {
    {"p50", "perf.latency.p50_ms"},      {"50", "perf.latency.p50_ms"},
    {"median", "perf.latency.p50_ms"},   {"p75", "perf.latency.p75_ms"},
    {"75", "perf.latency.p75_ms"},       {"p90", "perf.latency.p90_ms"},
    {"90", "perf.latency.p90_ms"},       {"p95", "perf.latency.p95_ms"},
    {"95", "perf.latency.p95_ms"},       {"p99.9", "perf.latency.p999_ms"},
    {"p999", "perf.latency.p999_ms"},    {"99.9", "perf.latency.p999_ms"},
    {"p99", "perf.latency.p99_ms"},      {"99", "perf.latency.p99_ms"},
    {"average", "perf.latency.mean_ms"}, {"avg", "perf.latency.mean_ms"},
    {"mean", "perf.latency.mean_ms"},    {"max", "perf.latency.max_ms"},
    {"worst", "perf.latency.max_ms"},    {"100", "perf.latency.max_ms"},
    {"all", "perf.latency.max_ms"},      {"every", "perf.latency.max_ms"},
};

/* The rank a word names; a word that names none is no rank that we measure. */
static const char *criterion_rank(struct text word) {
    if (word.ptr == NULL)
        return "perf.latency.p95_ms";
    for (size_t i = 0; i < sizeof(RANKS) / sizeof(RANKS[0]); i++)
        if (text_istarts(word, text_of(RANKS[i].word)))
            return RANKS[i].metric;
    return NULL;
}

static bool fill_latency_of(const struct pattern_match *match, const char *group,
                            struct criterion *criterion) {
    criterion->kind = CRITERION_METRIC;
    criterion->subjects[0] = criterion_rank(pattern_group(match, group));
    if (criterion->subjects[0] == NULL || !criterion_number(match, "n", &criterion->value))
        return false;
    if (pattern_group(match, "unit").ptr[0] == 's' || pattern_group(match, "unit").ptr[0] == 'S')
        criterion->value *= MS_PER_S;
    return true;
}

static bool fill_latency(const struct pattern_match *match, struct criterion *criterion) {
    struct text before = pattern_group(match, "rank");
    return fill_latency_of(match, before.ptr != NULL ? "rank" : "later", criterion);
}

/* A second. */
static bool criterion_rate(const struct pattern_match *match, double *ret) {
    if (!criterion_number(match, "n", ret))
        return false;
    if (pattern_group(match, "minute").ptr != NULL)
        *ret /= S_PER_MIN;
    return true;
}

static bool fill_throughput(const struct pattern_match *match, struct criterion *criterion) {
    criterion->kind = CRITERION_METRIC;
    criterion->subjects[0] = "perf.throughput.rps";
    criterion->at_least = true;
    return criterion_rate(match, &criterion->value);
}

/* By the rule of three, n requests without a failure show no more than 3/n at 95 %. */
static bool fill_failing(struct criterion *criterion, double share) {
    criterion->kind = CRITERION_METRIC;
    criterion->subjects[0] = "perf.error_rate";
    criterion->value = share;
    criterion->samples = share > 0 ? RULE_OF_THREE / share : 0;
    return share >= 0 && share <= 1;
}

/* "no failed requests" has no number. */
static bool fill_error_rate(const struct pattern_match *match, struct criterion *criterion) {
    double percent = 0;
    return (pattern_group(match, "n").ptr == NULL || criterion_number(match, "n", &percent)) &&
           fill_failing(criterion, percent / PERCENT);
}

/* Rounded: 1 - 99.99 % is less than 0.0001 otherwise, and one failure in 10 000 too many. */
static bool fill_availability(const struct pattern_match *match, struct criterion *criterion) {
    double percent;
    criterion->subjects[1] = "functional.error_rate";
    return criterion_number(match, "n", &percent) &&
           fill_failing(criterion, round((1 - percent / PERCENT) * ROUNDED) / ROUNDED);
}

static bool fill_apdex(const struct pattern_match *match, struct criterion *criterion) {
    criterion->kind = CRITERION_METRIC;
    criterion->subjects[0] = "perf.apdex";
    criterion->at_least = true;
    return criterion_number(match, "n", &criterion->value) && criterion->value <= 1;
}

/* --- findings and checks --------------------------------------------------------------------- */

static enum severity criterion_severity(struct text word) {
    enum severity severity;
    if (word.ptr == NULL)
        return SEVERITY_CRITICAL;
    if (text_ieq(word, TEXT("moderate")))
        return SEVERITY_MEDIUM;
    for (severity = SEVERITY_CRITICAL; severity < SEVERITY_INFO; severity++)
        if (text_ieq(word, text_of(severity_word(severity))))
            break;
    return severity;
}

/* "no critical or high findings": the mildest that is named; "no findings": any above info;
 * "no criticals". */
static bool fill_findings(const struct pattern_match *match, struct criterion *criterion) {
    static const char *const GROUPS[] = {"first", "second", "third"};
    criterion->kind = CRITERION_FINDINGS;
    criterion->severity =
        pattern_group(match, "first").ptr == NULL && pattern_group(match, "criticals").ptr == NULL
            ? SEVERITY_LOW
            : SEVERITY_CRITICAL;
    for (size_t i = 0; i < sizeof(GROUPS) / sizeof(GROUPS[0]); i++) {
        enum severity named = criterion_severity(pattern_group(match, GROUPS[i]));
        if (named > criterion->severity)
            criterion->severity = named;
    }
    return true;
}

#define FILL_CHECKS(name, ...)                                                                     \
    static bool fill_##name(const struct pattern_match *match, struct criterion *criterion) {      \
        static const char *const IDS[] = {__VA_ARGS__};                                            \
        (void)match;                                                                               \
        criterion->kind = CRITERION_CHECKS;                                                        \
        memcpy(criterion->subjects, IDS, sizeof(IDS));                                             \
        return true;                                                                               \
    }
FILL_CHECKS(tls, "SEC-TLS-01", "SEC-TLS-02", "SEC-TLS-03")
FILL_CHECKS(tls_1_3, "SEC-TLS-01", "SEC-TLS-04")
FILL_CHECKS(https, "SEC-TLS-01", "SEC-RED-01")
FILL_CHECKS(hsts, "SEC-HDR-01")
FILL_CHECKS(csp, "SEC-HDR-03", "SEC-CSP-01")
FILL_CHECKS(certificate, "SEC-TLS-11", "SEC-TLS-12", "SEC-TLS-13")
FILL_CHECKS(cookies, "SEC-COO-01", "SEC-COO-02", "SEC-COO-03")
FILL_CHECKS(wcag, "A11Y-")
FILL_CHECKS(links, "FUN-04", "FUN-18")
FILL_CHECKS(images, "FUN-21")

static bool fill_standard(const struct pattern_match *match, struct criterion *criterion) {
    static const char *const NAMES[] = {"OWASP",    "ASVS", "PCI",  "GDPR",
                                        "ISO27001", "SOC2", "HIPAA"};
    criterion->kind = CRITERION_STANDARD;
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (pattern_group(match, NAMES[i]).ptr != NULL)
            criterion->subjects[0] = NAMES[i];
    return criterion->subjects[0] != NULL;
}

/* --- limits ----------------------------------------------------------------------------------- */

static bool fill_limit(struct criterion *criterion, const char *limit) {
    criterion->kind = CRITERION_LIMIT;
    criterion->subjects[0] = limit;
    return true;
}

/* Hours, minutes, seconds. */
static bool fill_max_seconds(const struct pattern_match *match, struct criterion *criterion) {
    if (!criterion_number(match, "n", &criterion->value))
        return false;
    if (pattern_group(match, "minutes").ptr != NULL)
        criterion->value *= S_PER_MIN;
    if (pattern_group(match, "hours").ptr != NULL)
        criterion->value *= S_PER_MIN * MIN_PER_H;
    return fill_limit(criterion, CRITERION_MAX_SECONDS);
}

/* "/users/{id}", "/old/:id": it stands for paths that nobody would know as such. */
static bool criterion_is_template(struct text path) {
    while (text_ends(path, TEXT("*")))
        path.len--; /* all beneath is meant in any case */
    return text_find(path, TEXT("*")) >= 0 || text_find(path, TEXT("{")) >= 0 ||
           text_find(path, TEXT("/:")) >= 0;
}

static bool fill_exclude(const struct pattern_match *match, struct criterion *criterion) {
    struct text path = pattern_group(match, "path");
    if (criterion_is_template(path)) {
        criterion->kind = CRITERION_UNMAPPED;
        return true;
    }
    criterion->path = path;
    return fill_limit(criterion, CRITERION_EXCLUDE);
}

static bool fill_max_rps(const struct pattern_match *match, struct criterion *criterion) {
    return criterion_rate(match, &criterion->value) && fill_limit(criterion, CRITERION_MAX_RPS);
}

#define FILL_LIMIT(name, word)                                                                     \
    static bool fill_##name(const struct pattern_match *match, struct criterion *criterion) {      \
        (void)match;                                                                               \
        return fill_limit(criterion, word);                                                        \
    }
FILL_LIMIT(no_load, CRITERION_NO_LOAD)
FILL_LIMIT(no_active, CRITERION_NO_ACTIVE)
FILL_LIMIT(passive, CRITERION_PASSIVE)
FILL_LIMIT(no_crawl, CRITERION_NO_CRAWL)

/* --- the table ---------------------------------------------------------------------------------
 * Rows are tried in order; what one has read is not read again by another. */

static const struct criterion_row ROWS[] = {
    {NOT_OTHERS
     "(?:(?:" NOT_TO "(?:visit|request|access|touch|open|enter|test|scan|crawl|call|load|check|"
     "ask\\ for|go\\ (?:to|into))\\b|(?<!not\\ )(?<!n't\\ )(?<!never\\ )\\b(?:exclud(?:e[sd]?|ing)|"
     "skip(?:ping)?|avoid(?:ing)?|ignor(?:e|ing)|omit|leave\\ out|off[ -]limits|(?:stay|keep)\\ "
     "(?:out\\ of|away\\ from|off)|except(?:\\ for)?)\\b)[^;/]{0,40}?|"
     "(?!\\A)\\G[\"'`)]?\\s*(?:(?:[-*,&]|\\b(?:and|or|nor)\\b)\\s*){0,3}[\"'`(]?)" PATH,
     fill_exclude},
    {NOT_OTHERS NOT_TO
     "(?:crawl|spider|follow\\ (?:any\\ |the\\ )?links)\\b(?!\\ "
     "*(?:more|too|beyond|faster|deeper|\\d))|"
     "\\b(?:no|without(?:\\ any)?)\\ (?:crawl(?:s|ing)?|spider(?:s|ing)?)\\b(?!\\ "
     "*(?:delay|beyond|errors?|deeper))",
     fill_no_crawl},
    {"\\b(?:no|without(?:\\ any)?|(?:do\\ not|don't|never)(?:\\s+(?:run|do|start|perform|"
     "conduct|execute))?(?:\\ any)?|skip(?:\\ "
     "the|\\ any)?)\\s+(?:(?:load|stress|performance)(?:\\s*(?:,|or|and|/|nor)\\s*)?){1,3}[ -]*"
     "(?:tests?|testing|runs?)\\b",
     fill_no_load},
    {"\\bread[ -]only\\b|\\bnon[ -]?(?:destructive|intrusive)\\b|\\b(?:no|without)\\s+(?:active|"
     "intrusive|destructive)\\s+(?:security\\ "
     ")?(?:tests?|testing|checks?|scan(?:s|ning)?|attacks?)\\b",
     fill_no_active},
    {"\\bpassive(?:ly)?\\s+(?:checks?\\ |tests?\\ |testing\\ |scan(?:s|ning)?\\ )?only\\b|"
     "\\bonly\\s+passive(?:ly)?\\b",
     fill_passive},
    /* 99 % of requests within 200 ms */
    {"\\b(?<rank>50|75|90|95|99\\.9|99|100)\\s*(?:%|percent)\\s+of\\s+(?:the\\s+|all\\s+)?(?:"
     "requests|"
     "responses|pages|answers|users|page\\ loads)" GAP UPTO "\\s*" NUM("n") TIME "",
     fill_latency},
    /* all requests within 2 s */
    {"\\b(?<rank>all|every|100%\\ "
     "of)\\s+(?:the\\s+)?(?:requests?|responses?|pages?|answers?)\\b" GAP UPTO "\\s*" NUM("n") TIME
     "",
     fill_latency},
    /* p95 (response time) under 500 ms; response time (p95) < 0.5 s; pages load in 2 s */
    {"\\b(?:" RANK("rank") "\\b(?:" GAP "\\b(?:times?|latenc(?:y|ies)))?"
                           "|(?:response|load(?:ing)?|answer|page|request)[ -](?:load[ "
                           "-]?)?times?|latenc(?:y|ies)|"
                           "time\\ to\\ first\\ byte|(?:pages?|site|home\\ "
                           "?page|requests?|api|server|endpoints?|it)\\s+"
                           "(?:\\w+\\s+){0,3}?(?:loads?|responds?|answers?|answered|served|renders?"
                           ")|responds?|loads)\\b"
                           "(?:[^;\\d]{0,20}?\\b" RANK("later") "\\b)?" GAP UPTO "\\s*" NUM("n")
                               TIME,
     fill_latency},
    {"\\b(?:handles?|supports?|sustains?|serves?|process(?:es)?|throughput|copes?\\ "
     "with|withstands?|"
     "at\\ least|minimum)\\b" GAP_UNCAPPED NUM(
         "n") "\\s*(?:(?:requests?|req|reqs|calls|hits|pages)"
              "\\s*(?:per|a|/)\\s*(?:s|sec|second|(?<minute>min|minute))\\b|rps\\b|qps\\b)",
     fill_throughput},
    /* max 5 minutes, and nothing else */
    {"\\A\\s*(?:" SESSION "\\b" SESSION_GAP ")?(?:" LASTS ")?\\s*" NUM("n") TIME_LONG
     "\\s*(?:max(?:imum)?|at\\ most|only|in\\ total|overall|altogether|in\\ all)?\\s*\\z",
     fill_max_seconds},
    /* the tests must not take longer than 5 minutes; finish within 10 minutes */
    {"(?:\\b" SESSION "\\b" SESSION_GAP
     "|\\A(?:please\\ )?(?:finish|complete|stop|end|run|be\\ done)(?:\\ "
     "(?:it|everything|all|the|whole|tests?|testing|scan|session|run))*(?:\\ for)?\\ *)(?:" LASTS
     "|within|after|in\\ under)\\s*" NUM("n") TIME_LONG,
     fill_max_seconds},
    /* at most 20 requests per second */
    {UPTO
     "\\s*" NUM("n") "\\s*(?:(?:requests?|req|reqs|calls|hits)"
                     "\\s*(?:per|a|/)\\s*(?:s|sec|second|(?<minute>min|minute))\\b|rps\\b|qps\\b)",
     fill_max_rps},
    {"\\b(?:errors?(?:[ -]rates?)?|failures?(?:[ -]rates?)?|failed\\ requests|5xx(?:\\ "
     "responses)?)\\b" GAP UPTO "\\s*" NUM("n") "\\s*(?:%|percent)",
     fill_error_rate},
    {UPTO "\\s*" NUM("n") "\\s*(?:%|percent)\\s+(?:of\\s+)?(?:all\\s+|the\\s+)?(?:(?:requests\\s+)?"
                          "(?:may\\s+|to\\s+)?fail(?:ed|ures?)?|"
                          "errors?|failed\\ requests|server\\ errors)\\b",
     fill_error_rate},
    {"\\b(?:no|zero|without(?:\\ any)?)\\s+(?:failed\\s+requests|server\\s+errors|5xx(?:\\s+\\w+)?|"
     "request\\s+errors|http\\s+errors)",
     fill_error_rate},
    {NUM("n") "\\s*(?:%|percent)\\s+(?:\\w+\\s+)?(?:uptime|availab(?:ility|le))",
     fill_availability},
    {"\\b(?:uptime|availab(?:ility|le))\\b" GAP "(?:" ATLEAST "\\s*)?" NUM("n") "\\s*(?:%|percent)",
     fill_availability},
    {"\\bapdex\\b" GAP ATLEAST "\\s*" NUM("n"), fill_apdex},
    {"\\b(?:no|zero|0|without(?:\\ any)?|free\\ (?:of|from)(?:\\ "
     "any)?)\\s+(?:known\\s+|new\\s+|open\\s+|remaining\\s+)?"
     "(?:(?<first>" SEVERITIES ")(?:\\s*(?:,|or|and|/|nor|&)\\s*(?:no\\s+)?(?<second>" SEVERITIES
     "))?"
     "(?:\\s*(?:,|or|and|/|nor|&)\\s*(?:no\\s+)?(?<third>" SEVERITIES
     "))?[ -]*(?:severity|risk)?\\s+)?"
     "(?:security\\s+)?(?:vulnerabilit(?:y|ies)|findings?|issues?|security\\ "
     "(?:holes|flaws)|flaws|weaknesses|(?<criticals>criticals))\\b",
     fill_findings},
    {"\\bTLS\\s*(?:v|version\\s*)?1\\.2\\b(?:\\s*(?:and|or|/|,)\\s*(?:TLS\\s*)?v?1\\.3\\b)?|"
     "\\bTLS\\s*v?1\\.3\\s*(?:and|or|/|,)\\s*(?:TLS\\s*)?v?1\\.2\\b|\\bmodern\\ TLS\\b|"
     "\\b(?:no|disable|without)\\s+(?:TLS\\s*1\\.[01]|old\\ TLS|SSL(?:v?[23])?)\\b",
     fill_tls},
    {"\\bTLS\\s*(?:v|version\\s*)?1\\.3\\b", fill_tls_1_3},
    {"\\bHSTS\\b|\\bStrict-Transport-Security\\b", fill_hsts},
    {"\\b(?:CSP|Content[ -]Security[ -]Policy)\\b", fill_csp},
    {"\\bHTTPS[ -]only\\b|\\bonly\\ (?:over\\ |via\\ |through\\ "
     ")?HTTPS\\b|\\b(?:redirects?|enforced?|forced?|"
     "require[sd]?)\\b[^.;]{0,30}\\bHTTPS\\b|\\bHTTPS\\ (?:is\\ "
     ")?(?:everywhere|required|enforced|redirect)|"
     "\\bencrypted\\ in\\ transit\\b|\\bencryption\\ in\\ transit\\b",
     fill_https},
    {"\\b(?:valid|trusted)\\ (?:TLS\\ |SSL\\ )?certificates?\\b|\\bcertificate\\ (?:is\\ |must\\ "
     "be\\ |"
     "should\\ be\\ )?(?:valid|trusted)\\b",
     fill_certificate},
    {"\\bsecure\\ cookies\\b|\\bcookies\\ (?:are\\ |must\\ be\\ |should\\ be\\ "
     ")?(?:secure|HttpOnly)\\b",
     fill_cookies},
    {"\\bWCAG\\b(?:\\s*\\d\\.\\d)?(?:\\s*(?:level\\s*)?A{1,3}\\b)?|\\baccessib(?:le|ility)\\b|"
     "\\ba11y\\b",
     fill_wcag},
    {"\\b(?:no|zero|0|without(?:\\ "
     "any)?)\\s+(?:broken|dead)\\s+(?:internal\\s+)?(?:links?|URLs?)\\b|"
     "\\ball\\ (?:internal\\ )?links\\ (?:must\\ |should\\ )?work\\b",
     fill_links},
    {"\\b(?:no|zero|0|without(?:\\ any)?)\\s+(?:broken|missing)\\s+(?:images?|files?|assets?)\\b",
     fill_images},
    {"\\b(?:(?<OWASP>OWASP(?!\\ ASVS)(?:\\s+Top\\s*(?:10|ten))?)|(?<ASVS>(?:OWASP\\ "
     ")?ASVS)|(?<PCI>PCI(?:[ -]?DSS)?)|"
     "(?<GDPR>GDPR|DSGVO)|(?<ISO27001>ISO(?:/IEC)?[ -]?27001)|(?<SOC2>SOC[ "
     "-]?2)|(?<HIPAA>HIPAA))\\b",
     fill_standard},
};
_Static_assert(sizeof(ROWS) / sizeof(ROWS[0]) <= CRITERION_ROWS_MAX, "a reader has room for all");

const struct criterion_row *criterion_row(size_t index) {
    return index < sizeof(ROWS) / sizeof(ROWS[0]) ? &ROWS[index] : NULL;
}

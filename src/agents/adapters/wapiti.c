/* Reads the JSON of wapiti: vulnerabilities by category, each with path, parameter and a sentence.
 * It lists every category whatever it looked at, so an empty one proves nothing but for the modules
 * that are always asked for. */
#include <stdio.h>
#include <string.h>

#include "agents/adapters/readers.h"
#include "agnostic/base/json.h"

enum { ENTRIES_MAX = 10000 };

#define CSP "Content Security Policy Configuration"
#define HEADERS "HTTP Secure Headers"

/* By category and what the sentence holds; the first row holds. check NULL: passed over. */
static const struct {
    const char *category, *holds, *check;
    enum { ANYWHERE, ON_TLS, WITHOUT_CSP } where;
} ROWS[] = {
    {CSP, "CSP is not set", "SEC-HDR-03", ANYWHERE},
    {HEADERS, "X-Content-Type-Options", "SEC-HDR-05", ANYWHERE},
    {HEADERS, "Strict-Transport-Security", "SEC-HDR-01", ON_TLS},
    {HEADERS, "X-Frame-Options", "SEC-HDR-04", WITHOUT_CSP}, /* frame-ancestors does as well */
    {HEADERS, "X-XSS-Protection", NULL, ANYWHERE},           /* obsolete: its absence is right */
    {"Open Redirect", "", "SEC-RED-05", ANYWHERE},
};

/* What it rates itself says only 1 to 3; this is by what the category can cost, and cautious. */
static const struct {
    const char *category, *cwe;
    enum severity severity;
} CATEGORIES[] = {
    {"SQL Injection", "CWE-89", SEVERITY_HIGH},
    {"Blind SQL Injection", "CWE-89", SEVERITY_HIGH},
    {"Command execution", "CWE-78", SEVERITY_HIGH},
    {"Path Traversal", "CWE-22", SEVERITY_HIGH},
    {"XML External Entity", "CWE-611", SEVERITY_HIGH},
    {"Weak credentials", "CWE-521", SEVERITY_HIGH},
    {"Cross Site Scripting", "CWE-79", SEVERITY_MEDIUM},
    {"Server Side Request Forgery", "CWE-918", SEVERITY_MEDIUM},
    {"CRLF Injection", "CWE-93", SEVERITY_MEDIUM},
    {"Open Redirect", "CWE-601", SEVERITY_MEDIUM},
    {"Htaccess Bypass", "CWE-288", SEVERITY_MEDIUM},
    {"Backup file", "CWE-530", SEVERITY_MEDIUM},
    {"Cross Site Request Forgery", "CWE-352", SEVERITY_LOW},
    {"Potentially dangerous file", "CWE-200", SEVERITY_LOW},
    {"Internal Server Error", "CWE-248", SEVERITY_LOW},
    {CSP, "CWE-693", SEVERITY_LOW},
};

struct entry {
    struct text category, info, path, parameter;
};

/* One walk over the document. */
struct walk {
    struct harvest *harvest;
    struct text category;
    bool has_csp;
    size_t entries;
    bool broken;
};

/* --- one entry -------------------------------------------------------------------------------- */

static void wapiti_fault(const struct entry *entry, struct judgement *judgement) {
    harvest_fault(judgement, 0, "%.*s at %.*s%s%.*s", JUDGEMENT_VALUE(entry->info),
                  JUDGEMENT_VALUE(entry->path), entry->parameter.len > 0 ? ", parameter " : "",
                  JUDGEMENT_VALUE(entry->parameter));
}

static void wapiti_own(const struct entry *entry, struct harvest *harvest, enum severity severity,
                       struct text cwe) {
    const struct harvest_foreign foreign = {
        .id = entry->category, .title = entry->category, .severity = severity, .cwe = cwe};
    wapiti_fault(entry, harvest_foreign(harvest, &foreign));
}

static void wapiti_by_category(const struct entry *entry, struct harvest *harvest) {
    for (size_t i = 0; i < sizeof(CATEGORIES) / sizeof(CATEGORIES[0]); i++) {
        if (text_is(entry->category, CATEGORIES[i].category)) {
            wapiti_own(entry, harvest, CATEGORIES[i].severity, text_of(CATEGORIES[i].cwe));
            return;
        }
    }
    wapiti_own(entry, harvest, SEVERITY_INFO, (struct text){NULL, 0});
}

/* "Secure flag is not set in the cookie : NAME". Only what looks like a session's weighs more. */
static bool wapiti_is_session(struct text info) {
    static const char *const PARTS[] = {"sess", "sid", "auth", "token", "jwt", "login"};
    long at = text_find(info, TEXT(" : "));
    struct text name = at < 0 ? TEXT("") : text_make(info.ptr + at, info.len - (size_t)at);
    for (size_t i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
        if (text_ifind(name, text_of(PARTS[i])) >= 0)
            return true;
    return false;
}

static bool wapiti_cookie(const struct entry *entry, struct harvest *harvest) {
    bool session = wapiti_is_session(entry->info);
    if (text_is(entry->category, "Secure Flag cookie")) {
        bool tls = harvest_place(harvest)->url.tls;
        wapiti_fault(entry, harvest_rule(harvest, session || !tls ? "SEC-COO-01" : "SEC-COO-05"));
        return true;
    }
    if (!text_is(entry->category, "HttpOnly Flag cookie"))
        return false;
    if (session)
        wapiti_fault(entry, harvest_rule(harvest, "SEC-COO-02"));
    return true;
}

static bool wapiti_holds(const struct walk *walk, size_t row) {
    bool tls = harvest_place(walk->harvest)->url.tls;
    return ROWS[row].where == ANYWHERE || (ROWS[row].where == ON_TLS && tls) ||
           (ROWS[row].where == WITHOUT_CSP && !walk->has_csp);
}

static void wapiti_take(const struct walk *walk, const struct entry *entry) {
    struct judgement *judgement;
    if (wapiti_cookie(entry, walk->harvest))
        return;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (!text_is(entry->category, ROWS[i].category) ||
            text_find(entry->info, text_of(ROWS[i].holds)) < 0)
            continue;
        if (ROWS[i].check == NULL || !wapiti_holds(walk, i))
            return;
        judgement = harvest_rule(walk->harvest, ROWS[i].check);
        if (judgement == NULL)
            break;
        wapiti_fault(entry, judgement);
        return;
    }
    wapiti_by_category(entry, walk->harvest);
}

/* --- all -------------------------------------------------------------------------------------- */

static bool wapiti_entry(const struct json *value, struct text category, struct entry *entry) {
    *entry = (struct entry){.category = category};
    (void)json_text(json_get(value, "parameter"), &entry->parameter);
    return json_text(json_get(value, "info"), &entry->info) &&
           json_text(json_get(value, "path"), &entry->path);
}

static bool wapiti_category(void *ctx, struct text name, const struct json *entries) {
    struct walk *walk = ctx;
    struct entry entry;
    walk->category = name;
    walk->broken = walk->broken || json_kind(entries) != JSON_ARRAY;
    for (size_t i = 0; i < json_count(entries) && !walk->broken; i++) {
        walk->broken =
            !wapiti_entry(json_at(entries, i), name, &entry) || ++walk->entries > ENTRIES_MAX;
        if (!walk->broken)
            wapiti_take(walk, &entry);
    }
    return !walk->broken;
}

static bool wapiti_says_no_csp(const struct json *entries) {
    struct text info;
    for (size_t i = 0; i < json_count(entries); i++)
        if (json_text(json_get(json_at(entries, i), "info"), &info) &&
            text_is(info, "CSP is not set"))
            return true;
    return false;
}

/* These modules are always asked for, and look at the page itself. Their words are all that shows
 * that there was one: of a site without any fault they say nothing, as of one that is away. */
static void wapiti_always(struct harvest *harvest, bool has_csp, bool has_words) {
    static const char *const CHECKS[] = {"SEC-HDR-03", "SEC-HDR-05", "SEC-HDR-01"};
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
        (void)harvest_rule(harvest, CHECKS[i]);
    if (!has_words)
        return;
    harvest_pass(harvest_rule(harvest, "SEC-HDR-03"));
    harvest_pass(harvest_rule(harvest, "SEC-HDR-05"));
    if (harvest_place(harvest)->url.tls)
        harvest_pass(harvest_rule(harvest, "SEC-HDR-01"));
    if (!has_csp)
        harvest_pass(harvest_rule(harvest, "SEC-HDR-04"));
}

static enum err wapiti_read_tree(const struct json *root, struct harvest *harvest,
                                 struct fault *fault) {
    const struct json *found = json_get(root, "vulnerabilities");
    struct walk walk = {.harvest = harvest};
    struct text version;
    if (json_kind(found) != JSON_OBJECT || !json_text(json_path(root, "infos.version"), &version))
        return fault_set(fault, ERR_SYNTAX, "not the JSON of wapiti: no vulnerabilities");
    walk.has_csp = !wapiti_says_no_csp(json_get(found, CSP));
    json_each(found, wapiti_category, &walk);
    if (!walk.broken)
        json_each(json_get(root, "anomalies"), wapiti_category, &walk);
    if (walk.broken)
        return fault_set(fault, ERR_SYNTAX, "not the JSON of wapiti: category %.*s",
                         JUDGEMENT_VALUE(walk.category));
    wapiti_always(harvest, walk.has_csp,
                  json_count(json_get(found, CSP)) + json_count(json_get(found, HEADERS)) > 0);
    return ERR_OK;
}

enum err wapiti_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct json *root = NULL;
    struct json_fault why;
    enum err err = json_parse(output, &JSON_LIMITS_RESULT, &root, &why);
    if (err == ERR_SYNTAX)
        fault_set(ret_fault, err, "not JSON: %s at character %zu", why.reason, why.offset);
    else if (err != ERR_OK)
        fault_set(ret_fault, err, "%s", err_text(err));
    else
        err = wapiti_read_tree(root, harvest, ret_fault);
    json_free(root);
    return err;
}

/* Reads the flat JSON of testssl.sh: an array of {id, severity, finding, cwe, cve}. What can be
 * read as a fact goes the way of every scanner; the rest goes by the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/adapters/readers.h"
#include "agents/adapters/tls_scan.h"
#include "agnostic/base/json.h"

enum { ITEMS_MAX = 10000 };

/* How an item is a fault of a check: by the tool's own rating, or by what it says. */
enum item_way { BY_RATING, IF_OFFERED, IF_NOT_OFFERED };

static const struct {
    const char *id, *check;
    enum item_way way;
    size_t variant;
    const char *unless; /* a finding that says this is another check's */
} ROWS[] = {
    {"SSLv2", "SEC-TLS-02", IF_OFFERED, 0, NULL},
    {"SSLv3", "SEC-TLS-02", IF_OFFERED, 0, NULL},
    {"POODLE_SSL", "SEC-TLS-02", BY_RATING, 0, NULL},
    {"cipherlist_NULL", "SEC-TLS-05", BY_RATING, 0, NULL},
    {"cipherlist_aNULL", "SEC-TLS-05", BY_RATING, 0, NULL},
    {"cipherlist_EXPORT", "SEC-TLS-05", BY_RATING, 0, NULL},
    {"FREAK", "SEC-TLS-05", BY_RATING, 0, NULL},
    {"cipherlist_LOW", "SEC-TLS-06", BY_RATING, 0, NULL},
    {"RC4", "SEC-TLS-06", BY_RATING, 0, NULL},
    {"cipherlist_3DES_IDEA", "SEC-TLS-07", IF_OFFERED, 0, NULL},
    {"SWEET32", "SEC-TLS-07", BY_RATING, 0, NULL},
    {"PFS", "SEC-TLS-08", BY_RATING, 0, NULL},
    {"LOGJAM", "SEC-TLS-10", BY_RATING, 1, NULL},
    {"LOGJAM-common_primes", "SEC-TLS-10", BY_RATING, 1, NULL},
    {"cert_chain_of_trust", "SEC-TLS-11", BY_RATING, 0, "expired"},
    {"cert_trust", "SEC-TLS-12", BY_RATING, 0, NULL},
    {"cert_validityPeriod", "SEC-TLS-17", BY_RATING, 0, NULL},
    {"secure_renego", "SEC-TLS-18", BY_RATING, 0, NULL},
    {"secure_client_renego", "SEC-TLS-19", BY_RATING, 0, NULL},
    {"fallback_SCSV", "SEC-TLS-20", BY_RATING, 0, NULL},
    {"CRIME_TLS", "SEC-TLS-21", BY_RATING, 0, NULL},
    {"OCSP_stapling", "SEC-TLS-22", IF_NOT_OFFERED, 1, NULL},
    {"heartbleed", "SEC-TLS-23", BY_RATING, 0, NULL},
    {"CCS", "SEC-TLS-23", BY_RATING, 0, NULL},
    {"ticketbleed", "SEC-TLS-23", BY_RATING, 0, NULL},
    {"ROBOT", "SEC-TLS-23", BY_RATING, 0, NULL},
    {"DROWN", "SEC-TLS-23", BY_RATING, 0, NULL},
    {"HSTS", "SEC-HDR-01", IF_NOT_OFFERED, 0, NULL},
    {"HSTS_time", "SEC-HDR-02", BY_RATING, 0, NULL},
};

/* Read as facts; the order of suites is judged where there is a weak one. */
static const char *const FACTS[] = {"TLS1",           "TLS1_1",        "TLS1_2",
                                    "TLS1_3",         "cert_keySize",  "cert_signatureAlgorithm",
                                    "cert_notBefore", "cert_notAfter", "cert_expirationStatus",
                                    "cipher_order"};

/* The tool's words are no CVSS: what our catalogue does not know weighs one band less. */
static const struct {
    const char *word;
    enum { FINE, OPEN, FAULT } meaning;
    enum severity severity;
} RATINGS[] = {
    {"OK", FINE, SEVERITY_INFO},      {"INFO", OPEN, SEVERITY_INFO},
    {"LOW", FAULT, SEVERITY_INFO},    {"MEDIUM", FAULT, SEVERITY_LOW},
    {"HIGH", FAULT, SEVERITY_MEDIUM}, {"CRITICAL", FAULT, SEVERITY_HIGH},
    {"WARN", OPEN, SEVERITY_INFO},    {"DEBUG", OPEN, SEVERITY_INFO},
    {"FATAL", OPEN, SEVERITY_INFO},
};
/* Where the tool rates what is no fault by itself: authorities leave these out on purpose. */
static const char *const ONLY_INFO[] = {"cert_revocation", "cert_serialNumberLen"};
enum { RATINGS_COUNT = sizeof(RATINGS) / sizeof(RATINGS[0]) };

struct item {
    struct text id, finding, cwe, cve;
    size_t rating; /* of RATINGS; RATINGS_COUNT: no word of it */
};

static bool testssl_item(const struct json *value, struct item *item) {
    struct text severity;
    *item = (struct item){.rating = 0};
    if (!json_text(json_get(value, "id"), &item->id) ||
        !json_text(json_get(value, "severity"), &severity) ||
        !json_text(json_get(value, "finding"), &item->finding))
        return false;
    (void)json_text(json_get(value, "cwe"), &item->cwe);
    (void)json_text(json_get(value, "cve"), &item->cve);
    while (item->rating < RATINGS_COUNT && !text_is(severity, RATINGS[item->rating].word))
        item->rating++;
    return item->rating < RATINGS_COUNT;
}

/* It says itself that it could not see. */
static bool testssl_is_unsure(const struct item *item) {
    return RATINGS[item->rating].meaning == OPEN &&
           !text_is(text_of(RATINGS[item->rating].word), "INFO");
}

/* "offered", "supported but couldn't detect a cipher", "vulnerable with 5 ciphers" (of SSLv2) */
static bool testssl_is_offered(const struct item *item) {
    return text_starts(item->finding, TEXT("offered")) ||
           text_starts(item->finding, TEXT("supported")) ||
           text_starts(item->finding, TEXT("vulnerable with"));
}

static enum tls_answer testssl_offer(const struct item *item) {
    return testssl_is_offered(item) ? TLS_YES : testssl_is_unsure(item) ? TLS_UNKNOWN : TLS_NO;
}

/* --- facts ------------------------------------------------------------------------------------ */

static int64_t testssl_moment(struct text t) {
    struct tm parts = {0};
    char word[64];
    if (!text_copy(t, word, sizeof(word)))
        return 0;
    const char *end = strptime(word, "%Y-%m-%d %H:%M", &parts);
    return end != NULL && *end == '\0' ? (int64_t)timegm(&parts) : 0;
}

/* "RSA 2048 bits", "EC 256 bits" */
static void testssl_key(struct text t, struct tls_scan_certificate *certificate) {
    struct text type, bits;
    uint64_t n;
    if (!text_cut(&t, ' ', &type) || !text_cut(&t, ' ', &bits) || !text_u64(bits, 1 << 20, &n))
        return;
    text_copy(type, certificate->key_type, sizeof(certificate->key_type));
    certificate->key_bits = (int64_t)n;
}

/* What a host shows first counts; further certificates have ids with a number. */
static void testssl_fact(const struct item *item, struct tls_scan *scan) {
    static const struct {
        const char *id;
        enum tls_version version;
    } VERSIONS[] = {
        {"SSLv2", TLS_SSL_2}, {"SSLv3", TLS_SSL_3}, {"TLS1", TLS_1_0},
        {"TLS1_1", TLS_1_1},  {"TLS1_2", TLS_1_2},  {"TLS1_3", TLS_1_3},
    };
    struct tls_scan_certificate *certificate = &scan->certificates[0];
    for (size_t i = 0; i < sizeof(VERSIONS) / sizeof(VERSIONS[0]); i++)
        if (text_is(item->id, VERSIONS[i].id))
            scan->versions[VERSIONS[i].version] = testssl_offer(item);
    if (text_is(item->id, "cert_keySize"))
        testssl_key(item->finding, certificate);
    else if (text_is(item->id, "cert_signatureAlgorithm"))
        text_copy(item->finding, certificate->signature, sizeof(certificate->signature));
    else if (text_is(item->id, "cert_notBefore"))
        certificate->not_before_s = testssl_moment(item->finding);
    else if (text_is(item->id, "cert_notAfter"))
        certificate->not_after_s = testssl_moment(item->finding);
    else
        return;
    scan->certificate_count = 1;
}

/* --- by the table ------------------------------------------------------------------------------
 */

/* A check of several items that has this has not passed by the others. */
static const char WARNING[] = "tool_warning";

static void testssl_tell(const struct item *item, struct judgement *judgement, enum item_way way,
                         size_t variant) {
    bool fault = way == BY_RATING    ? RATINGS[item->rating].meaning == FAULT
                 : way == IF_OFFERED ? testssl_is_offered(item)
                                     : text_find(item->finding, TEXT("not offered")) >= 0;
    if (fault)
        harvest_fault(judgement, variant, "testssl %.*s: %.*s%s%.*s", JUDGEMENT_VALUE(item->id),
                      JUDGEMENT_VALUE(item->finding), item->cve.len > 0 ? ", " : "",
                      JUDGEMENT_VALUE(item->cve));
    else if (testssl_is_unsure(item) && judgement != NULL)
        judgement_not_tested(judgement, WARNING);
    else if (judgement != NULL && judgement->reason != WARNING)
        judgement_pass(judgement);
}

static bool testssl_is_fact(const struct item *item) {
    for (size_t i = 0; i < sizeof(FACTS) / sizeof(FACTS[0]); i++)
        if (text_is(item->id, FACTS[i]))
            return true;
    return false;
}

/* What only the tool knows: rated well or badly, it is a check. */
static void testssl_own(const struct item *item, struct harvest *harvest) {
    char title[200];
    snprintf(title, sizeof(title), "%.*s: %.*s", JUDGEMENT_VALUE(item->id),
             JUDGEMENT_VALUE(item->finding));
    struct harvest_foreign foreign = {.id = item->id,
                                      .title = text_of(title),
                                      .severity = RATINGS[item->rating].severity,
                                      .cwe = item->cwe};
    for (size_t i = 0; i < sizeof(ONLY_INFO) / sizeof(ONLY_INFO[0]); i++)
        if (text_is(item->id, ONLY_INFO[i]))
            foreign.severity = SEVERITY_INFO;
    if (RATINGS[item->rating].meaning != OPEN)
        testssl_tell(item, harvest_foreign(harvest, &foreign), BY_RATING, 0);
}

static void testssl_take(const struct item *item, struct harvest *harvest) {
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (!text_is(item->id, ROWS[i].id))
            continue;
        struct judgement *judgement = harvest_rule(harvest, ROWS[i].check);
        bool others =
            ROWS[i].unless != NULL && text_find(item->finding, text_of(ROWS[i].unless)) >= 0;
        if (judgement != NULL && !others)
            testssl_tell(item, judgement, ROWS[i].way, ROWS[i].variant);
        else if (judgement == NULL)
            testssl_own(item, harvest);
        return;
    }
    if (!testssl_is_fact(item))
        testssl_own(item, harvest);
}

static bool testssl_failed(struct harvest *harvest, const char *check) {
    const struct judgement *judgement = harvest_rule(harvest, check);
    return judgement != NULL && judgement->status == JUDGEMENT_FAILED;
}

static void testssl_order(const struct item *item, struct harvest *harvest) {
    bool weak = testssl_failed(harvest, "SEC-TLS-05") || testssl_failed(harvest, "SEC-TLS-06") ||
                testssl_failed(harvest, "SEC-TLS-07");
    if (!weak)
        harvest_pass(harvest_rule(harvest, "SEC-TLS-09"));
    else
        testssl_tell(item, harvest_rule(harvest, "SEC-TLS-09"), BY_RATING, 0);
}

/* --- all -------------------------------------------------------------------------------------- */

static enum err testssl_items(const struct json *items, struct tls_scan *scan,
                              struct harvest *harvest, struct fault *fault) {
    struct item item, order = {.id = {NULL, 0}};
    bool whole = false;
    for (size_t i = 0; i < json_count(items); i++) {
        if (!testssl_item(json_at(items, i), &item))
            return fault_set(fault, ERR_SYNTAX, "not the JSON of testssl: entry %zu", i);
        testssl_fact(&item, scan);
        whole = whole || text_is(item.id, "scanTime");
        if (text_is(item.id, "cipher_order"))
            order = item;
    }
    if (!whole)
        return fault_set(fault, ERR_CONNECT, "testssl did not come to its end: %.*s",
                         JUDGEMENT_VALUE(json_count(items) > 0 ? item.finding : TEXT("no entry")));
    if (!tls_scan_answers(scan))
        return fault_set(fault, ERR_CONNECT, "testssl: the target speaks no TLS");
    tls_scan_judge(scan, harvest);
    for (size_t i = 0; i < json_count(items); i++)
        if (testssl_item(json_at(items, i), &item))
            testssl_take(&item, harvest);
    if (order.id.ptr != NULL)
        testssl_order(&order, harvest);
    return ERR_OK;
}

enum err testssl_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct tls_scan *scan = calloc(1, sizeof(*scan));
    struct json *items = NULL;
    struct json_fault why;
    if (scan == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    enum err err = json_parse(output, &JSON_LIMITS_RESULT, &items, &why);
    if (err == ERR_SYNTAX)
        fault_set(ret_fault, err, "not JSON: %s at character %zu", why.reason, why.offset);
    else if (err != ERR_OK)
        fault_set(ret_fault, err, "%s", err_text(err));
    else if (json_kind(items) != JSON_ARRAY || json_count(items) > ITEMS_MAX)
        err = fault_set(ret_fault, ERR_SYNTAX, "not the JSON of testssl: no array");
    else
        err = testssl_items(items, scan, harvest, ret_fault);
    json_free(items);
    free(scan);
    return err;
}

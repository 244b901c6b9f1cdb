/* Reads what nmap writes with -oX: its ssl-* scripts, and those of its http-* scripts that say
 * something that we can hold against a catalogue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/adapters/readers.h"
#include "agents/adapters/tls_scan.h"
#include "agnostic/base/xml.h"

/* --- tables and elements ---------------------------------------------------------------------- */

/* The <table> or <elem> with that key. */
static const struct xml *nmap_keyed(const struct xml *parent, const char *kind, const char *key) {
    const struct xml *element = xml_child(parent, kind);
    while (element != NULL && strcmp(xml_attribute(element, "key"), key) != 0)
        element = xml_next(element, kind);
    return element;
}

static struct text nmap_elem(const struct xml *parent, const char *key) {
    return xml_text(nmap_keyed(parent, "elem", key));
}

static const struct xml *nmap_script(const struct xml *port, const char *id) {
    const struct xml *script = xml_child(port, "script");
    while (script != NULL && strcmp(xml_attribute(script, "id"), id) != 0)
        script = xml_next(script, "script");
    return script;
}

/* --- TLS ------------------------------------------------------------------------------------- */

/* "dh 1024" */
static int64_t nmap_group_bits(struct text exchange) {
    uint64_t bits = 0;
    if (!text_starts(exchange, TEXT("dh ")) ||
        !text_u64(text_make(exchange.ptr + 3, exchange.len - 3), 1 << 20, &bits))
        return 0;
    return (int64_t)bits;
}

static void nmap_version(const struct xml *table, enum tls_version version, struct tls_scan *scan) {
    const struct xml *suite = xml_child(nmap_keyed(table, "table", "ciphers"), "table");
    for (; suite != NULL; suite = xml_next(suite, "table"))
        tls_scan_suite(scan, nmap_elem(suite, "name"), version,
                       nmap_group_bits(nmap_elem(suite, "kex_info")));
    struct text order = nmap_elem(table, "cipher preference");
    if (text_is(order, "client"))
        scan->client_order[version] = TLS_YES;
    else if (text_is(order, "server"))
        scan->client_order[version] = TLS_NO;
    const struct xml *method = xml_child(nmap_keyed(table, "table", "compressors"), "elem");
    for (; method != NULL; method = xml_next(method, "elem"))
        if (!text_is(xml_text(method), "NULL"))
            scan->compression = TLS_YES;
        else if (scan->compression == TLS_UNKNOWN)
            scan->compression = TLS_NO;
}

/* What the script does not name is not accepted; of SSLv2 another script speaks. */
static void nmap_suites(const struct xml *port, struct tls_scan *scan) {
    const struct xml *script = nmap_script(port, "ssl-enum-ciphers");
    if (script == NULL)
        return;
    for (int version = TLS_SSL_3; version < TLS_VERSION__COUNT; version++)
        scan->versions[version] = TLS_NO;
    scan->versions[TLS_SSL_2] = nmap_script(port, "sslv2") != NULL ? TLS_YES : TLS_NO;
    scan->suites_known = true;
    for (const struct xml *table = xml_child(script, "table"); table != NULL;
         table = xml_next(table, "table")) {
        enum tls_version version;
        if (tls_scan_version(text_of(xml_attribute(table, "key")), &version))
            nmap_version(table, version, scan);
    }
}

/* "2026-11-13T08:41:03", UTC; 0 when it is none. */
static int64_t nmap_moment(struct text t) {
    struct tm parts = {0};
    char word[64];
    if (!text_copy(t, word, sizeof(word)))
        return 0;
    const char *end = strptime(word, "%Y-%m-%dT%H:%M:%S", &parts);
    return end != NULL && (*end == '\0' || *end == '+') ? (int64_t)timegm(&parts) : 0;
}

/* The same names in the same order. */
static bool nmap_same(const struct xml *a, const struct xml *b) {
    const struct xml *x = xml_child(a, "elem"), *y = xml_child(b, "elem");
    if (x == NULL)
        return false;
    while (x != NULL && y != NULL && text_eq(xml_text(x), xml_text(y)) &&
           strcmp(xml_attribute(x, "key"), xml_attribute(y, "key")) == 0) {
        x = xml_next(x, "elem");
        y = xml_next(y, "elem");
    }
    return x == NULL && y == NULL;
}

static void nmap_certificate(const struct xml *port, struct tls_scan *scan) {
    const struct xml *script = nmap_script(port, "ssl-cert");
    const struct xml *key = nmap_keyed(script, "table", "pubkey");
    const struct xml *validity = nmap_keyed(script, "table", "validity");
    uint64_t bits = 0;
    if (script == NULL || key == NULL)
        return;
    struct tls_scan_certificate *dst = &scan->certificates[scan->certificate_count++];
    text_copy(nmap_elem(key, "type"), dst->key_type, sizeof(dst->key_type));
    if (text_u64(nmap_elem(key, "bits"), 1 << 20, &bits))
        dst->key_bits = (int64_t)bits;
    text_copy(nmap_elem(script, "sig_algo"), dst->signature, sizeof(dst->signature));
    dst->not_before_s = nmap_moment(nmap_elem(validity, "notBefore"));
    dst->not_after_s = nmap_moment(nmap_elem(validity, "notAfter"));
    dst->self_signed =
        nmap_same(nmap_keyed(script, "table", "subject"), nmap_keyed(script, "table", "issuer"))
            ? TLS_YES
            : TLS_NO;
}

/* --- HTTP ------------------------------------------------------------------------------------ */

static void nmap_transport(const struct xml *script, struct harvest *harvest) {
    const struct xml *table = nmap_keyed(script, "table", "Strict_Transport_Security");
    const struct xml *elem = xml_child(table, "elem");
    if (elem == NULL)
        return;
    if (text_find(xml_text(elem), TEXT("not configured")) >= 0)
        harvest_fault(harvest_rule(harvest, "SEC-HDR-01"), 0,
                      "Strict-Transport-Security is not in the answer to HEAD /");
    else
        harvest_pass(harvest_rule(harvest, "SEC-HDR-01"));
}

/* Told of cookies that are named like those of sessions. */
static void nmap_cookie(const struct xml *cookie, struct harvest *harvest) {
    for (const struct xml *elem = xml_child(cookie, "elem"); elem != NULL;
         elem = xml_next(elem, "elem")) {
        struct text flaw = xml_text(elem);
        const char *check = text_find(flaw, TEXT("httponly")) >= 0 ? "SEC-COO-02"
                            : text_find(flaw, TEXT("secure")) >= 0 ? "SEC-COO-01"
                                                                   : NULL;
        if (check != NULL)
            harvest_fault(harvest_rule(harvest, check), 0, "%.200s: %.*s",
                          xml_attribute(cookie, "key"), JUDGEMENT_VALUE(flaw));
    }
}

static void nmap_cookies(const struct xml *script, struct harvest *harvest) {
    const struct xml *path = xml_child(script, "table");
    for (; path != NULL; path = xml_next(path, "table"))
        for (const struct xml *cookie = xml_child(path, "table"); cookie != NULL;
             cookie = xml_next(cookie, "table"))
            nmap_cookie(cookie, harvest);
}

/* What else a script finds, by its id; in our catalogue if the check is there. */
static const struct {
    const char *script, *check;
    struct harvest_foreign foreign;
} FOUND[] = {
    {"http-git",
     "SEC-FIL-01",
     {.id = {"http-git", 8},
      .title = {"A Git repository can be read", 28},
      .severity = SEVERITY_MEDIUM,
      .cwe = {"CWE-538", 7}}},
    {"http-trace",
     "SEC-MET-01",
     {.id = {"http-trace", 10},
      .title = {"TRACE is answered", 17},
      .severity = SEVERITY_LOW,
      .cwe = {"CWE-693", 7}}},
};

static void nmap_found(const struct xml *port, struct harvest *harvest) {
    for (size_t i = 0; i < sizeof(FOUND) / sizeof(FOUND[0]); i++) {
        const struct xml *script = nmap_script(port, FOUND[i].script);
        if (script == NULL)
            continue;
        struct judgement *judgement = harvest_rule(harvest, FOUND[i].check);
        if (judgement == NULL)
            judgement = harvest_foreign(harvest, &FOUND[i].foreign);
        harvest_fault(judgement, 0, "%.300s", xml_attribute(script, "output"));
    }
}

/* Without knowing that a port speaks TLS the scripts ask it in the clear, and take its complaint
 * for an answer: what they say then is not of the target. */
static bool nmap_speaks_http(const struct xml *port, const struct harvest *harvest) {
    const struct xml *service = xml_child(port, "service");
    bool tunnel = strcmp(xml_attribute(service, "tunnel"), "ssl") == 0;
    bool https = strcmp(xml_attribute(service, "name"), "https") == 0;
    return text_starts(text_of(xml_attribute(service, "name")), TEXT("http")) &&
           strcmp(xml_attribute(service, "method"), "probed") == 0 &&
           (tunnel || https) == harvest_place(harvest)->url.tls;
}

/* A script that has nothing to say says nothing: that is no proof that it looked. */
static void nmap_http(const struct xml *port, struct harvest *harvest) {
    static const char *const CHECKS[] = {"SEC-HDR-01", "SEC-COO-01", "SEC-COO-02"};
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
        (void)harvest_rule(harvest, CHECKS[i]);
    if (!nmap_speaks_http(port, harvest))
        return;
    nmap_transport(nmap_script(port, "http-security-headers"), harvest);
    nmap_cookies(nmap_script(port, "http-cookie-flags"), harvest);
    nmap_found(port, harvest);
}

/* --- all ------------------------------------------------------------------------------------- */

static enum err nmap_read_port(const struct xml *port, struct harvest *harvest,
                               struct fault *fault) {
    struct tls_scan *scan = calloc(1, sizeof(*scan));
    if (scan == NULL)
        return fault_set(fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    bool https = harvest_place(harvest)->url.tls;
    enum err err = ERR_OK;
    if (https) {
        nmap_suites(port, scan);
        nmap_certificate(port, scan);
    }
    if (https && !tls_scan_answers(scan))
        err = fault_set(fault, ERR_CONNECT, "nmap: the target speaks no TLS");
    else if (!https && !nmap_speaks_http(port, harvest))
        err = fault_set(fault, ERR_CONNECT, "nmap: the target speaks no HTTP");
    if (err == ERR_OK && https)
        tls_scan_judge(scan, harvest);
    if (err == ERR_OK)
        nmap_http(port, harvest);
    free(scan);
    return err;
}

enum err nmap_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct xml *root = NULL;
    enum err err = xml_parse(output, &XML_LIMITS, &root, ret_fault);
    if (err != ERR_OK)
        return err;
    const struct xml *port = xml_child(xml_child(xml_child(root, "host"), "ports"), "port");
    const char *state = xml_attribute(xml_child(port, "state"), "state");
    if (!xml_is(root, "nmaprun") || xml_child(root, "runstats") == NULL)
        err = fault_set(ret_fault, ERR_SYNTAX, "not the XML of nmap: no <runstats>");
    else if (strcmp(state, "open") != 0)
        err = fault_set(ret_fault, ERR_CONNECT, "nmap: the port is %.40s",
                        state[0] != '\0' ? state : "not told of");
    else
        err = nmap_read_port(port, harvest, ret_fault);
    xml_free(root);
    return err;
}

/* Reads what sslscan writes with --xml. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/adapters/readers.h"
#include "agents/adapters/tls_scan.h"
#include "agnostic/base/xml.h"

static enum tls_answer sslscan_answer(const struct xml *element, const char *name) {
    const char *value = xml_attribute(element, name);
    return value[0] == '\0' ? TLS_UNKNOWN : strcmp(value, "1") == 0 ? TLS_YES : TLS_NO;
}

/* <protocol type="tls" version="1.2" enabled="1"/> */
static void sslscan_protocol(const struct xml *protocol, struct tls_scan *scan) {
    char word[32];
    enum tls_version version;
    bool ssl = strcmp(xml_attribute(protocol, "type"), "ssl") == 0;
    snprintf(word, sizeof(word), "%sv%s", ssl ? "SSL" : "TLS", xml_attribute(protocol, "version"));
    if (tls_scan_version(text_of(word), &version))
        scan->versions[version] = sslscan_answer(protocol, "enabled");
}

/* <cipher sslversion="TLSv1.2" cipher="ECDHE-RSA-AES256-GCM-SHA384"/>: an accepted one. */
static void sslscan_cipher(const struct xml *cipher, struct tls_scan *scan) {
    enum tls_version version;
    uint64_t bits = 0;
    (void)text_u64(text_of(xml_attribute(cipher, "dhebits")), 1 << 20, &bits);
    if (tls_scan_version(text_of(xml_attribute(cipher, "sslversion")), &version))
        tls_scan_suite(scan, text_of(xml_attribute(cipher, "cipher")), version, (int64_t)bits);
}

/* "Nov 23 08:07:43 2026 GMT"; 0 when it is none. */
static int64_t sslscan_moment(const struct xml *element) {
    struct tm parts = {0};
    char word[64];
    if (!text_copy(xml_text(element), word, sizeof(word)))
        return 0;
    const char *end = strptime(word, "%b %d %H:%M:%S %Y GMT", &parts);
    return end != NULL && *end == '\0' ? (int64_t)timegm(&parts) : 0;
}

/* Bits are told of RSA keys; of a curve its name, whose bits are its strength. */
static void sslscan_certificate(const struct xml *certificate, struct tls_scan *scan) {
    const struct xml *key = xml_child(certificate, "pk");
    uint64_t bits = 0;
    if (scan->certificate_count == TLS_SCAN_CERTIFICATES_MAX)
        return;
    struct tls_scan_certificate *dst = &scan->certificates[scan->certificate_count++];
    text_copy(text_of(xml_attribute(key, "type")), dst->key_type, sizeof(dst->key_type));
    if (xml_attribute(key, "curve_name")[0] == '\0' &&
        text_u64(text_of(xml_attribute(key, "bits")), 1 << 20, &bits))
        dst->key_bits = (int64_t)bits;
    text_copy(xml_text(xml_child(certificate, "signature-algorithm")), dst->signature,
              sizeof(dst->signature));
    dst->not_before_s = sslscan_moment(xml_child(certificate, "not-valid-before"));
    dst->not_after_s = sslscan_moment(xml_child(certificate, "not-valid-after"));
    struct text self_signed = xml_text(xml_child(certificate, "self-signed"));
    dst->self_signed = text_is(self_signed, "true")    ? TLS_YES
                       : text_is(self_signed, "false") ? TLS_NO
                                                       : TLS_UNKNOWN;
}

/* <heartbleed sslversion="TLSv1.2" vulnerable="0"/>, of active tasks. */
static void sslscan_heartbleed(const struct xml *test, struct harvest *harvest) {
    static const struct harvest_foreign foreign = {.id = {"heartbleed", 10},
                                                   .title = {"Heartbleed (CVE-2014-0160)", 26},
                                                   .severity = SEVERITY_HIGH,
                                                   .cwe = {"CWE-126", 7}};
    const struct xml *element = xml_child(test, "heartbleed");
    for (; element != NULL; element = xml_next(element, "heartbleed")) {
        struct judgement *judgement = harvest_rule(harvest, "SEC-TLS-23");
        if (judgement == NULL)
            judgement = harvest_foreign(harvest, &foreign);
        if (sslscan_answer(element, "vulnerable") == TLS_YES)
            harvest_fault(judgement, 0, "The server gives memory away with %.16s",
                          xml_attribute(element, "sslversion"));
        else
            harvest_pass(judgement);
    }
}

static void sslscan_test(const struct xml *test, struct tls_scan *scan) {
    const struct xml *element;
    for (element = xml_child(test, "protocol"); element != NULL;
         element = xml_next(element, "protocol"))
        sslscan_protocol(element, scan);
    for (element = xml_child(test, "cipher"); element != NULL;
         element = xml_next(element, "cipher"))
        sslscan_cipher(element, scan);
    scan->suites_known = true;
    scan->compression = sslscan_answer(xml_child(test, "compression"), "supported");
    scan->fallback_guard = sslscan_answer(xml_child(test, "fallback"), "supported");
    for (element = xml_child(xml_child(test, "certificates"), "certificate"); element != NULL;
         element = xml_next(element, "certificate"))
        sslscan_certificate(element, scan);
}

static enum err sslscan_read_tree(const struct xml *document, struct harvest *harvest,
                                  struct fault *fault) {
    struct tls_scan *scan = calloc(1, sizeof(*scan));
    const struct xml *test = xml_child(document, "ssltest");
    enum err err = ERR_OK;
    if (scan == NULL)
        return fault_set(fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    sslscan_test(test, scan);
    if (xml_child(document, "error") != NULL)
        err = fault_set(fault, ERR_CONNECT, "sslscan: %.*s",
                        TEXT_ARG(text_head(xml_text(xml_child(document, "error")), 200)));
    else if (!xml_is(document, "document") || test == NULL)
        err = fault_set(fault, ERR_SYNTAX, "not the XML of sslscan: no <ssltest>");
    else if (!tls_scan_answers(scan))
        err = fault_set(fault, ERR_CONNECT, "sslscan: the target speaks no TLS");
    if (err == ERR_OK) {
        tls_scan_judge(scan, harvest);
        sslscan_heartbleed(test, harvest);
    }
    free(scan);
    return err;
}

enum err sslscan_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct xml *document = NULL;
    enum err err = xml_parse(output, &XML_LIMITS, &document, ret_fault);
    if (err == ERR_OK)
        err = sslscan_read_tree(document, harvest, ret_fault);
    xml_free(document);
    return err;
}

/* Collects what a scanner says, however it says it. Judges nothing. */
#include "agents/adapters/tls_scan.h"

#include <string.h>

static const char *const VERSION_WORDS[TLS_VERSION__COUNT] = {"SSLv2",   "SSLv3",   "TLSv1.0",
                                                              "TLSv1.1", "TLSv1.2", "TLSv1.3"};

bool tls_scan_version(struct text word, enum tls_version *ret_version) {
    for (int version = 0; version < TLS_VERSION__COUNT; version++) {
        if (text_is(word, VERSION_WORDS[version])) {
            *ret_version = (enum tls_version)version;
            return true;
        }
    }
    return false;
}

void tls_scan_suite(struct tls_scan *scan, struct text name, enum tls_version version,
                    int64_t group_bits) {
    struct tls_suite *suite = &scan->suites[scan->suite_count];
    scan->versions[version] = TLS_YES;
    if (scan->suite_count == TLS_SCAN_SUITES_MAX ||
        !text_copy(name, suite->name, sizeof(suite->name)))
        return;
    suite->version = version;
    suite->group_bits = group_bits;
    scan->suite_count++;
}

bool tls_scan_answers(const struct tls_scan *scan) {
    for (int version = 0; version < TLS_VERSION__COUNT; version++)
        if (scan->versions[version] == TLS_YES)
            return true;
    return false;
}

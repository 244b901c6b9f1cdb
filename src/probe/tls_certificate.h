/* tls_certificate: facts and judgement of a certificate chain that a server showed. */
#ifndef PROBE_TLS_CERTIFICATE_H
#define PROBE_TLS_CERTIFICATE_H

#include <openssl/x509.h>

#include "agnostic/probe/tls.h"

/* tls_certificate_read(cert, &certificate): its facts; what cannot be read is "" or 0. */
void tls_certificate_read(X509 *cert, struct tls_certificate *ret_certificate);
/* tls_certificate_judge(chain, url, shake): chain (leaf first) against the trust store, the
 * clock and url's host; fills the verdict members of shake. ERR_NOMEM, ERR_INTERNAL. */
enum err tls_certificate_judge(STACK_OF(X509) * chain, const struct url *url,
                               struct tls_shake *shake);

#endif

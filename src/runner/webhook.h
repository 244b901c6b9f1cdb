/* webhook: one delivery of one callback: POST of the record as ADR-018 has it, signed when there is
 * a secret, with the headers of Standard Webhooks beside. The task's outcome never changes. */
#ifndef AGNOSTIC_RUNNER_WEBHOOK_H
#define AGNOSTIC_RUNNER_WEBHOOK_H

#include "agnostic/probe/gate.h"
#include "agnostic/store/webhook_store.h"

/* webhook_deliver(due, gate, &report): blocks for up to the limits of HTTP_LIMITS_WEBHOOK. */
void webhook_deliver(const struct webhook_due *due, const struct gate *gate,
                     struct webhook_report *ret_report);
/* webhook_sign(secret, body, dst): "sha256=<hex HMAC-SHA256(secret, body)>", for X-Signature. */
enum { WEBHOOK_SIGNATURE_SIZE = 80 };
enum err webhook_sign(struct text secret, struct text body,
                      char dst[static WEBHOOK_SIGNATURE_SIZE]);
/* webhook_sign_v1(secret, id, at_s, body, dst): "v1,<base64 HMAC-SHA256(key, id.at_s.body)>", for
 * webhook-signature. The key is what stands behind "whsec_" in base64, else the secret itself. */
enum err webhook_sign_v1(struct text secret, const char *id, int64_t at_s, struct text body,
                         char dst[static WEBHOOK_SIGNATURE_SIZE]);

#endif

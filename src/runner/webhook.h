/* webhook: one delivery of one callback, as ADR-018 has it: POST of the record, signed when
 * there is a secret. The task's outcome never changes. */
#ifndef AGNOSTIC_RUNNER_WEBHOOK_H
#define AGNOSTIC_RUNNER_WEBHOOK_H

#include "agnostic/probe/gate.h"
#include "agnostic/store/webhook_store.h"

struct webhook_report {
    bool delivered;  /* answered with 2xx */
    int http_status; /* 0: no answer */
    char why[24];    /* "delivered", "http_status", "blocked", or the error's word */
};

/* webhook_deliver(due, gate, &report): blocks for up to the limits of HTTP_LIMITS_WEBHOOK. */
void webhook_deliver(const struct webhook_due *due, const struct gate *gate,
                     struct webhook_report *ret_report);
/* webhook_sign(secret, body, dst): "sha256=<hex HMAC-SHA256(secret, body)>". */
enum { WEBHOOK_SIGNATURE_SIZE = 80 };
enum err webhook_sign(struct text secret, struct text body,
                      char dst[static WEBHOOK_SIGNATURE_SIZE]);

#endif

/* Sends a callback. Decides nothing about when, and nothing about the task. */
#include "runner/webhook.h"

#include <stdio.h>

#include "agnostic/base/secure.h"
#include "agnostic/probe/http.h"

enum err webhook_sign(struct text secret, struct text body,
                      char dst[static WEBHOOK_SIGNATURE_SIZE]) {
    unsigned char digest[SECURE_SHA256_BYTES];
    char hex[SECURE_HEX_SIZE];
    enum err err = secure_hmac_sha256(secret, body, digest);
    if (err == ERR_OK) {
        text_hex(digest, sizeof(digest), hex);
        snprintf(dst, WEBHOOK_SIGNATURE_SIZE, "sha256=%s", hex);
    }
    return err;
}

static void report(struct webhook_report *ret_report, bool delivered, int http_status,
                   const char *why) {
    *ret_report = (struct webhook_report){.delivered = delivered, .http_status = http_status};
    text_copy(text_of(why), ret_report->why, sizeof(ret_report->why));
}

static void post(struct http *http, const struct webhook_due *due, const char *signature,
                 struct webhook_report *ret_report) {
    const struct http_header headers[] = {{TEXT("Content-Type"), TEXT("application/json")},
                                          {TEXT("X-Signature"), text_of(signature)}};
    const struct http_request request = {.method = "POST",
                                         .url = text_of(due->url),
                                         .headers = headers,
                                         .header_count = signature[0] ? 2 : 1,
                                         .body = text_make(due->body, due->body_len),
                                         .fresh = true};
    struct http_response response = {0};
    enum err err = http_send(http, &request, &HTTP_LIMITS_WEBHOOK, &response, NULL);
    int status = response.status;
    if (err != ERR_OK) {
        report(ret_report, false, 0, err == ERR_REFUSED ? "blocked" : err_word(err));
    } else if (status >= 200 && status < 300) {
        report(ret_report, true, status, "delivered");
    } else {
        report(ret_report, false, status, "http_status");
    }
    http_response_done(&response);
}

void webhook_deliver(const struct webhook_due *due, const struct gate *gate,
                     struct webhook_report *ret_report) {
    char signature[WEBHOOK_SIGNATURE_SIZE] = "";
    struct http *http = NULL;
    struct text secret = text_of(due->secret), body = text_make(due->body, due->body_len);
    enum err err = secret.len > 0 ? webhook_sign(secret, body, signature) : ERR_OK;
    if (err == ERR_OK) {
        err = http_new(gate, "agnostic/" AGNOSTIC_VERSION, &http);
    }
    if (err != ERR_OK) {
        report(ret_report, false, 0, err_word(err));
        return;
    }
    post(http, due, signature, ret_report);
    http_free(http);
}

/* Sends a callback. Decides nothing about when, and nothing about the task. */
#include "runner/webhook.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "agnostic/probe/http.h"

enum { KEY_MAX = 512 /* bytes of a decoded secret */, PREFIX_MAX = 160 };

/* --- signatures ------------------------------------------------------------------------ */

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

/* The key of the v1 signature; decoded bytes stand in room. */
static struct text v1_key(struct text secret, char room[static KEY_MAX]) {
    struct text prefix = TEXT("whsec_");
    size_t len = 0;
    if (text_starts(secret, prefix) &&
        text_base64(text_make(secret.ptr + prefix.len, secret.len - prefix.len), room, KEY_MAX,
                    &len) &&
        len > 0) {
        return text_make(room, len);
    }
    return secret;
}

enum err webhook_sign_v1(struct text secret, const char *id, int64_t at_s, struct text body,
                         char dst[static WEBHOOK_SIGNATURE_SIZE]) {
    unsigned char digest[SECURE_SHA256_BYTES];
    char room[KEY_MAX], base64[TEXT_BASE64_SIZE(SECURE_SHA256_BYTES)];
    struct buf buf;
    buf_init(&buf, body.len + PREFIX_MAX);
    buf_printf(&buf, "%s.%lld.", id, (long long)at_s);
    buf_puttext(&buf, body);
    enum err err =
        buf.failed ? ERR_NOMEM : secure_hmac_sha256(v1_key(secret, room), buf_text(&buf), digest);
    buf_done(&buf);
    secure_wipe(room, sizeof(room));
    if (err == ERR_OK) {
        text_base64_put(digest, sizeof(digest), base64);
        snprintf(dst, WEBHOOK_SIGNATURE_SIZE, "v1,%s", base64);
    }
    return err;
}

/* --- what is sent ------------------------------------------------------------------------ */

enum { HEADERS_MAX = 8 };

/* The values of the headers, and the headers. */
struct letter {
    char id[120], at[24], attempt[24];
    char signature[WEBHOOK_SIGNATURE_SIZE], v1[WEBHOOK_SIGNATURE_SIZE];
    struct http_header headers[HEADERS_MAX];
    size_t count;
};

static void add(struct letter *letter, struct text name, const char *value) {
    letter->headers[letter->count++] = (struct http_header){name, text_of(value)};
}

static enum err sign(const struct webhook_due *due, int64_t at_s, struct letter *letter) {
    struct text secret = text_of(due->secret), body = text_make(due->body, due->body_len);
    if (secret.len == 0) {
        return ERR_OK;
    }
    enum err err = webhook_sign(secret, body, letter->signature);
    if (err == ERR_OK) {
        err = webhook_sign_v1(secret, letter->id, at_s, body, letter->v1);
    }
    if (err == ERR_OK) {
        add(letter, TEXT("X-Signature"), letter->signature);
        add(letter, TEXT("webhook-signature"), letter->v1);
    }
    return err;
}

static enum err write_letter(const struct webhook_due *due, struct letter *letter) {
    int64_t at_s = time_wall_us() / 1000000;
    *letter = (struct letter){0};
    snprintf(letter->id, sizeof(letter->id), "msg_%s", due->id);
    snprintf(letter->at, sizeof(letter->at), "%lld", (long long)at_s);
    snprintf(letter->attempt, sizeof(letter->attempt), "%lld", (long long)due->attempt);
    add(letter, TEXT("Content-Type"), "application/json");
    add(letter, TEXT("webhook-id"), letter->id);
    add(letter, TEXT("webhook-timestamp"), letter->at);
    add(letter, TEXT("X-Agnostic-Event"), due->event);
    add(letter, TEXT("X-Agnostic-Delivery-Attempt"), letter->attempt);
    return sign(due, at_s, letter);
}

/* --- what comes back ----------------------------------------------------------------------- */

static void tell(struct webhook_report *report, enum webhook_result result, const char *why) {
    report->result = result;
    text_copy(text_of(why), report->why, sizeof(report->why));
}

static void judge_status(int status, struct webhook_report *report) {
    if (status >= 200 && status < 300) {
        tell(report, WEBHOOK_DELIVERED, "delivered");
    } else if (status == 410) {
        tell(report, WEBHOOK_GONE, "gone");
    } else {
        tell(report, WEBHOOK_FAILED, status >= 300 && status < 400 ? "redirect" : "http_status");
    }
}

static void judge(enum err err, int status, struct webhook_report *report) {
    if (err == ERR_OK) {
        judge_status(status, report);
    } else if (err == ERR_REFUSED) {
        tell(report, WEBHOOK_BLOCKED, "blocked");
    } else {
        tell(report, err == ERR_SYNTAX ? WEBHOOK_BLOCKED : WEBHOOK_FAILED, err_word(err));
    }
}

/* The receiver's words are for people to read: nothing but printable ASCII. */
static void keep_head(struct text body, struct webhook_report *report) {
    size_t len = body.len < WEBHOOK_STORE_HEAD_MAX ? body.len : WEBHOOK_STORE_HEAD_MAX;
    for (size_t i = 0; i < len; i++) {
        char c = body.ptr[i];
        report->head[i] = c >= 0x20 && c < 0x7f ? c : '.';
    }
    report->head[len] = '\0';
}

static void post(struct http *http, const struct webhook_due *due, const struct letter *letter,
                 struct webhook_report *report) {
    static const struct addr NOBODY = {0};
    const struct http_request request = {.method = "POST",
                                         .url = text_of(due->url),
                                         .headers = letter->headers,
                                         .header_count = letter->count,
                                         .body = text_make(due->body, due->body_len),
                                         .fresh = true};
    struct http_response response = {0};
    int64_t began_ms = time_mono_ms();
    enum err err = http_send(http, &request, &HTTP_LIMITS_WEBHOOK, &response, NULL);
    report->ms = time_mono_ms() - began_ms;
    report->http_status = err == ERR_OK ? response.status : 0;
    report->retry_after_s = response.retry_after_s;
    judge(err, response.status, report);
    if (!addr_eq(&response.addr, &NOBODY)) {
        addr_text(&response.addr, report->ip);
    }
    keep_head(buf_text(&response.body), report);
    http_response_done(&response);
}

void webhook_deliver(const struct webhook_due *due, const struct gate *gate,
                     struct webhook_report *ret_report) {
    struct http *http = NULL;
    struct letter letter;
    *ret_report = (struct webhook_report){0};
    enum err err = write_letter(due, &letter);
    if (err == ERR_OK) {
        err = http_new(gate, "agnostic/" AGNOSTIC_VERSION, &http);
    }
    if (err != ERR_OK) {
        judge(err, 0, ret_report);
        return;
    }
    post(http, due, &letter, ret_report);
    http_free(http);
}

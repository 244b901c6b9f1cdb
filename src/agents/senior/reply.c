/* From an answer to what is kept of it. Judges nothing. */
#include "agents/senior/reply.h"

#include <stdio.h>
#include <string.h>

#include "agents/error_sign.h"

enum { TOKEN_MIN_LEN = 16 };

static bool reply_is_token_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '+' || c == '=';
}

static size_t reply_token_len(struct text t) {
    size_t len = 0;
    bool digit = false;
    for (; len < t.len && reply_is_token_byte(t.ptr[len]); len++)
        digit |= t.ptr[len] >= '0' && t.ptr[len] <= '9';
    return len >= TOKEN_MIN_LEN && digit ? len : 0;
}

uint64_t reply_steady(struct text body) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    bool inside = false;                            /* of a word that is no token */
    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        size_t token = inside ? 0 : reply_token_len(text_make(body.ptr + i, body.len - i));
        if (token > 0) {
            i += token - 1;
            continue;
        }
        inside = reply_is_token_byte(c);
        if (c < '0' || c > '9')
            hash = (hash ^ (unsigned char)c) * UINT64_C(1099511628211);
    }
    return hash;
}

static void reply_field(const struct http_response *response, const char *name, char *dst) {
    struct text value = http_response_header(response, name, 0);
    if (value.len >= REPLY_FIELD_SIZE)
        value.len = REPLY_FIELD_SIZE - 1;
    (void)text_copy(value, dst, REPLY_FIELD_SIZE);
}

void reply_read(const struct http_response *response, struct reply *ret_reply) {
    uint64_t length;
    struct text body = buf_text(&response->body);
    *ret_reply = (struct reply){.asked = true,
                                .status = response->status,
                                .length = -1,
                                .body_bytes = (int64_t)body.len,
                                .is_cut = response->truncated,
                                .steady = reply_steady(body),
                                .sign = error_sign_find(body, response->status < 400)};
    reply_field(response, "Content-Type", ret_reply->type);
    reply_field(response, "ETag", ret_reply->etag);
    reply_field(response, "Last-Modified", ret_reply->modified);
    reply_field(response, "Content-Range", ret_reply->range);
    reply_field(response, "Accept-Ranges", ret_reply->ranges);
    if (text_u64(http_response_header(response, "Content-Length", 0), INT64_MAX, &length))
        ret_reply->length = (int64_t)length;
}

void reply_ask(struct asker *asker, const struct http_request *request,
               const struct http_limits *limits, struct reply *ret_reply) {
    struct http_response response;
    struct fault fault = {0};
    enum err err = asker_send(asker, request, limits, &response, &fault);
    *ret_reply = (struct reply){.err = err};
    if (err == ERR_OK) {
        reply_read(&response, ret_reply);
    } else if (err != ERR_BUSY) {
        ret_reply->asked = true;
        snprintf(ret_reply->why, sizeof(ret_reply->why), "%.150s", fault.text);
    }
    http_response_done(&response);
}

bool reply_is(const struct reply *reply, int status) {
    return reply->asked && reply->err == ERR_OK && reply->status == status;
}

bool reply_is_of(const struct reply *reply, int hundreds) {
    return reply->asked && reply->err == ERR_OK && reply->status / 100 == hundreds;
}

void reply_words(const struct reply *reply, char *dst, size_t size) {
    if (reply->err != ERR_OK)
        snprintf(dst, size, "does not answer: %s", reply->why);
    else
        snprintf(dst, size, "answers %d", reply->status);
}

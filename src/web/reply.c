/* reply: status, header fields and body of one answer. Must not know routes or transport. */
#include "web/reply.h"

#include <stdio.h>

enum {
    REPLY_KEEP_BYTES = 65536, /* a body buffer larger than this is given back */
    REPLY_RETRY_503_S = 5,
    REPLY_RETRY_429_S = 15
};

struct answer {
    char unused;
};
static const struct answer ANSWERED;

static const struct {
    int status;
    const char *phrase;
} PHRASES[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {409, "Conflict"},
    {410, "Gone"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const char *reply_phrase(int status) {
    for (size_t i = 0; i < sizeof(PHRASES) / sizeof(PHRASES[0]); i++)
        if (PHRASES[i].status == status)
            return PHRASES[i].phrase;
    return "Unknown";
}

void reply_init(struct reply *reply) {
    buf_init(&reply->head, REPLY_HEAD_MAX);
    buf_init(&reply->body, REPLY_BODY_MAX);
    reply_reset(reply);
}

void reply_done(struct reply *reply) {
    buf_done(&reply->head);
    buf_done(&reply->body);
}

void reply_restart(struct reply *reply) {
    buf_reset(&reply->body);
    json_out_init(&reply->out, &reply->body);
}

void reply_reset(struct reply *reply) {
    if (reply->body.cap > REPLY_KEEP_BYTES)
        buf_done(&reply->body);
    buf_reset(&reply->head);
    reply_restart(reply);
    reply->status = 0;
    reply->err = ERR_OK;
    reply->type = "application/json";
    reply->policy = "default-src 'none'; frame-ancestors 'none'";
    reply->payload = TEXT("");
}

void reply_field(struct reply *reply, const char *name, struct text value) {
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
            return;
    size_t before = reply->head.len;
    buf_puts(&reply->head, name);
    buf_puts(&reply->head, ": ");
    buf_puttext(&reply->head, value);
    buf_puts(&reply->head, "\r\n");
    if (reply->head.failed) /* half a line would swallow the next, or the body */
        buf_cut(&reply->head, before);
}

void reply_field_int(struct reply *reply, const char *name, int64_t n) {
    char digits[24];
    snprintf(digits, sizeof(digits), "%lld", (long long)n);
    reply_field(reply, name, text_of(digits));
}

static const struct answer *reply_as(struct reply *reply, int status, struct text payload) {
    reply->status = status;
    reply->payload = payload;
    return &ANSWERED;
}

const struct answer *reply_json(struct reply *reply, int status) {
    if (reply->body.failed)
        return reply_error(reply, ERR_NOMEM);
    return reply_as(reply, status, buf_text(&reply->body));
}

const struct answer *reply_lent(struct reply *reply, int status, struct text json) {
    return reply_as(reply, status, json);
}

const struct answer *reply_text(struct reply *reply, int status, const char *type,
                                struct text text) {
    reply_restart(reply);
    reply->type = type;
    buf_puttext(&reply->body, text);
    return reply_json(reply, status);
}

const struct answer *reply_written(struct reply *reply, int status, const char *type) {
    reply->type = type;
    return reply_json(reply, status);
}

const struct answer *reply_not_modified(struct reply *reply) {
    reply_restart(reply);
    return reply_as(reply, 304, TEXT(""));
}

/* What RFC 9457 adds to the original's `detail`. */
static void reply_problem(struct json_out *out, enum err err) {
    int status = err_status(err);
    json_out_member(out, "type", "about:blank");
    json_out_member(out, "title", reply_phrase(status));
    json_out_member_int(out, "status", status);
    json_out_member(out, "code", err_word(err));
}

static int64_t reply_retry_s(enum err err) {
    int status = err_status(err);
    return status == 503 ? REPLY_RETRY_503_S : status == 429 ? REPLY_RETRY_429_S : 0;
}

static void reply_error_fields(struct reply *reply, enum err err, int64_t retry_s) {
    int status = err_status(err);
    if (status == 401)
        reply_field(reply, "WWW-Authenticate",
                    err == ERR_BAD_TOKEN
                        ? TEXT("Bearer realm=\"agnostic\", error=\"invalid_token\", "
                               "ApiKey realm=\"agnostic\"")
                        : TEXT("Bearer realm=\"agnostic\", ApiKey realm=\"agnostic\""));
    if (retry_s > 0)
        reply_field_int(reply, "Retry-After", retry_s);
}

static void reply_error_begin(struct reply *reply, enum err err, const char *detail,
                              int64_t retry_s) {
    reply_restart(reply);
    reply->type = "application/json";
    reply->err = err;
    reply_error_fields(reply, err, retry_s);
    json_out_object(&reply->out);
    json_out_member(&reply->out, "detail", detail);
    reply_problem(&reply->out, err);
}

static const struct answer *reply_error_end(struct reply *reply, enum err err) {
    json_out_end_object(&reply->out);
    /* Without memory even for this, an empty body with the right status is the honest rest. */
    return reply_as(reply, err_status(err), buf_text(&reply->body));
}

const struct answer *reply_error_later(struct reply *reply, enum err err, const char *detail,
                                       int64_t retry_s) {
    reply_error_begin(reply, err, detail, retry_s);
    return reply_error_end(reply, err);
}

const struct answer *reply_error_about(struct reply *reply, enum err err, const char *detail,
                                       const char *name, const char *value) {
    reply_error_begin(reply, err, detail, reply_retry_s(err));
    json_out_member(&reply->out, name, value);
    return reply_error_end(reply, err);
}

const struct answer *reply_error_text(struct reply *reply, enum err err, const char *detail) {
    return reply_error_later(reply, err, detail, reply_retry_s(err));
}

const struct answer *reply_error(struct reply *reply, enum err err) {
    return reply_error_text(reply, err, err_text(err));
}

void reply_faults_begin(struct reply *reply) {
    reply_restart(reply);
    json_out_object(&reply->out);
    json_out_name(&reply->out, "detail");
}

const struct answer *reply_faults(struct reply *reply) {
    reply->err = ERR_INVALID;
    reply_problem(&reply->out, ERR_INVALID);
    json_out_end_object(&reply->out);
    return reply_json(reply, err_status(ERR_INVALID));
}

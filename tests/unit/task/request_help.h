/* request_help: bodies that are accepted or refused. */
#ifndef UNIT_TASK_REQUEST_HELP_H
#define UNIT_TASK_REQUEST_HELP_H

#include "json_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/task/request.h"

enum { ANSWER_MAX = 1 << 20 };

#define GOOD "\"title\":\"t\",\"description\":\"d\""
#define EXPECTED_PRIORITY "'critical', 'high', 'medium' or 'low'"
#define EXPECTED_AGENTS                                                                            \
    "'qa-manager', 'security-compliance', 'junior-qa', 'senior-qa', 'performance' or 'qa-analyst'"

/* The detail of a refused body; the caller frees. */
static inline char *refusal(const char *body_json) {
    struct json *body = json_of(body_json);
    struct request request;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    if (request_read(body, 0, &request, &out) != ERR_INVALID)
        fail_msg("accepted: %.300s", body_json);
    json_free(body);
    char *detail = buf_take(&buf);
    assert_non_null(detail);
    json_free(json_of(detail)); /* it is JSON, whatever came in */
    return detail;
}

static inline void assert_refused(const char *body_json, const char *expected) {
    char *detail = refusal(body_json);
    assert_string_equal(detail, expected);
    free(detail);
}

/* A value of a field beside good ones: the one fault it is refused with. */
static inline void assert_fault(const char *field, const char *value, const char *type,
                                const char *position, const char *msg, const char *input,
                                const char *ctx) {
    char body[8192], expected[8192];
    bool is_required = strcmp(field, "title") == 0 || strcmp(field, "description") == 0;
    snprintf(body, sizeof(body), "{\"%s\":%s,%s}", field, value,
             !is_required                  ? GOOD
             : strcmp(field, "title") == 0 ? "\"description\":\"d\""
                                           : "\"title\":\"t\"");
    snprintf(expected, sizeof(expected),
             "[{\"type\":\"%s\",\"loc\":[\"body\",\"%s\"%s],\"msg\":\"%s\",\"input\":%s%s%s%s}]",
             type, field, position, msg, input, ctx[0] ? ",\"ctx\":{" : "", ctx, ctx[0] ? "}" : "");
    assert_refused(body, expected);
}

/* {request, document} of an accepted body; accepted_done frees. */
struct accepted {
    struct request request;
    struct json *body;
};

static inline struct accepted accepted(const char *body_json, role_set agents) {
    struct accepted accepted = {.body = json_of(body_json)};
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    if (request_read(accepted.body, agents, &accepted.request, &out) != ERR_OK)
        fail_msg("refused: %s", buf_str(&buf));
    assert_int_equal(buf.len, 0);
    return accepted;
}

static inline void accepted_done(struct accepted *accepted) {
    json_free(accepted->body);
}

static inline char *repeated(const char *piece, size_t times) {
    struct buf buf;
    buf_init(&buf, ANSWER_MAX);
    buf_putc(&buf, '"');
    for (size_t i = 0; i < times; i++)
        buf_puts(&buf, piece);
    buf_putc(&buf, '"');
    return buf_take(&buf);
}

#endif

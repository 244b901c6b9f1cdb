/* reply: the only ways to answer a request.
 *
 * A handler returns a `const struct answer *`, which only these functions give out, so that
 * a handler that forgets to answer does not compile. One reply is used for one request after
 * another and keeps its memory. */
#ifndef AGNOSTIC_WEB_REPLY_H
#define AGNOSTIC_WEB_REPLY_H

#include "agnostic/base/json.h"

enum {
    REPLY_HEAD_MAX = 16384,  /* bytes of header fields */
    REPLY_BODY_MAX = 8 << 20 /* bytes a handler may write */
};

struct answer; /* proof that the request was answered */
#define REPLY_ANSWER const struct answer *__attribute__((warn_unused_result, returns_nonnull))

struct reply {
    int status;
    enum err err;        /* of an error reply, for the log */
    const char *type;    /* Content-Type */
    const char *policy;  /* Content-Security-Policy: nothing, unless a handler says otherwise */
    struct buf head;     /* further header fields, each with CRLF */
    struct buf body;     /* what the handler wrote */
    struct text payload; /* what is sent: body, or bytes lent by their owner until sent */
    struct json_out out; /* writes into body */
};

void reply_init(struct reply *reply);
void reply_done(struct reply *reply);
/* reply_reset(reply): ready for the next request. */
void reply_reset(struct reply *reply);
/* reply_restart(reply): forgets the body written so far, keeps the header fields. */
void reply_restart(struct reply *reply);

/* reply_field(reply, name, value): a header field. A value with control characters is left
 * out: nothing a client sent can begin a line of its own. So is one beyond REPLY_HEAD_MAX. */
void reply_field(struct reply *reply, const char *name, struct text value);
void reply_field_int(struct reply *reply, const char *name, int64_t n);

/* reply_json(reply, status): the body is what was written to reply->out. */
REPLY_ANSWER reply_json(struct reply *reply, int status);
/* reply_lent(reply, status, json): sends json, which its owner keeps until the reply is sent. */
REPLY_ANSWER reply_lent(struct reply *reply, int status, struct text json);
/* reply_text(reply, status, type, text): anything but JSON; text is copied. */
REPLY_ANSWER reply_text(struct reply *reply, int status, const char *type, struct text text);
/* reply_written(reply, status, type): anything but JSON, as it was written to reply->body. */
REPLY_ANSWER reply_written(struct reply *reply, int status, const char *type);
/* reply_not_modified(reply): 304, no body. */
REPLY_ANSWER reply_not_modified(struct reply *reply);

/* reply_error(reply, err): {"detail","type","title","status","code"} from the table of errors.
 * 401 gets its challenge, 429 and 503 a Retry-After. Drops what was written before. */
REPLY_ANSWER reply_error(struct reply *reply, enum err err);
/* reply_error_text(reply, err, detail): the same with another sentence. */
REPLY_ANSWER reply_error_text(struct reply *reply, enum err err, const char *detail);
/* reply_error_later(reply, err, detail, retry_s): the same for 429 and 503, with the seconds after
 * which it makes sense to come back. */
REPLY_ANSWER reply_error_later(struct reply *reply, enum err err, const char *detail,
                               int64_t retry_s);
/* reply_error_about(reply, err, detail, name, value): the same with a member that says what it is
 * about. */
REPLY_ANSWER reply_error_about(struct reply *reply, enum err err, const char *detail,
                               const char *name, const char *value);
/* reply_faults(reply): 422; reply->out has received the value of `detail`, an array, after
 * reply_faults_begin(reply). */
void reply_faults_begin(struct reply *reply);
REPLY_ANSWER reply_faults(struct reply *reply);

/* reply_phrase(status): "Not Found". */
const char *reply_phrase(int status);

#endif

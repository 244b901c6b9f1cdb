/* reply: what is kept of one answer. */
#ifndef AGENTS_SENIOR_REPLY_H
#define AGENTS_SENIOR_REPLY_H

#include "agents/asker.h"

enum { REPLY_FIELD_SIZE = 128, REPLY_WHY_SIZE = 160 };

struct reply {
    bool asked;   /* else nothing may be said of it */
    enum err err; /* ERR_OK: it answered */
    char why[REPLY_WHY_SIZE];
    int status;
    char type[REPLY_FIELD_SIZE], etag[REPLY_FIELD_SIZE], modified[REPLY_FIELD_SIZE];
    char range[REPLY_FIELD_SIZE];  /* Content-Range */
    char ranges[REPLY_FIELD_SIZE]; /* Accept-Ranges */
    int64_t length;                /* Content-Length, -1: none */
    int64_t body_bytes;            /* read */
    bool is_cut;                   /* there was more, or the end was missing */
    uint64_t steady;               /* hash of the body without what changes by itself */
    const char *sign;              /* "a stack trace of Python", NULL: none */
};

/* reply_ask(asker, request, limits, reply): asks and keeps what came of it; not asked when nothing
 * may be asked any more. */
void reply_ask(struct asker *asker, const struct http_request *request,
               const struct http_limits *limits, struct reply *ret_reply);
/* reply_read(response, reply): the same of an answer that is there. */
void reply_read(const struct http_response *response, struct reply *ret_reply);

/* reply_is(reply, status): it was asked, and answered that. reply_is_of: some of 200..299 for 2. */
bool reply_is(const struct reply *reply, int status);
bool reply_is_of(const struct reply *reply, int hundreds);
/* reply_words(reply, dst, size): "answers 500", "does not answer: ..." */
void reply_words(const struct reply *reply, char *dst, size_t size);
/* reply_steady(body): a hash of it without digits and without what looks like a token. */
uint64_t reply_steady(struct text body);

#endif

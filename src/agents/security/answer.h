/* answer: one request to the target and what came of it. */
#ifndef AGENTS_SECURITY_ANSWER_H
#define AGENTS_SECURITY_ANSWER_H

#include "agnostic/probe/http.h"

enum { ANSWER_URL_SIZE = URL_MAX_BYTES + 1, ANSWER_WHY_SIZE = 256 };

struct answer {
    bool asked;
    enum err err; /* ERR_OK: response holds an HTTP answer */
    char why[ANSWER_WHY_SIZE];
    char url_text[ANSWER_URL_SIZE];
    struct url url; /* points into url_text */
    struct http_response response;
};

/* answer_url(answer, url): what is about to be asked. ERR_SYNTAX. */
enum err answer_url(struct answer *answer, struct text url, struct fault *ret_fault);
/* answer_header(answer, name, index): ptr NULL when there is none. */
struct text answer_header(const struct answer *answer, const char *name, size_t index);
size_t answer_header_count(const struct answer *answer, const char *name);
bool answer_is_redirect(const struct answer *answer);
/* answer_media_is(answer, type): Content-Type's media type, parameters aside. */
bool answer_media_is(const struct answer *answer, const char *type);

#endif

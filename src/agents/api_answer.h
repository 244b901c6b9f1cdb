/* api_answer: is what an operation answered as its description says? */
#ifndef AGENTS_API_ANSWER_H
#define AGENTS_API_ANSWER_H

#include "agents/api.h"

enum { API_ANSWER_WORDS_SIZE = 256 };

enum api_answer {
    API_ANSWER_FINE,   /* as far as can be told */
    API_ANSWER_ERROR,  /* of the server */
    API_ANSWER_DIFFERS /* from what the description says */
};

/* api_answer_judge(api, operation, response, words): words: what is wrong with it; an array of
 * API_ANSWER_WORDS_SIZE. */
enum api_answer api_answer_judge(const struct api *api, const struct openapi_operation *operation,
                                 const struct http_response *response, char *words);

#endif

/* Questions one asks of an answer. Sends nothing. */
#include "agents/security/answer.h"

enum err answer_url(struct answer *answer, struct text url, struct fault *ret_fault) {
    if (!text_copy(url, answer->url_text, sizeof(answer->url_text)))
        return fault_set(ret_fault, ERR_SYNTAX, "The URL is too long");
    return url_parse(text_of(answer->url_text), &answer->url, ret_fault);
}

struct text answer_header(const struct answer *answer, const char *name, size_t index) {
    return http_response_header(&answer->response, name, index);
}

size_t answer_header_count(const struct answer *answer, const char *name) {
    size_t count = 0;
    while (answer_header(answer, name, count).ptr != NULL)
        count++;
    return count;
}

bool answer_is_redirect(const struct answer *answer) {
    int status = answer->response.status;
    return answer->err == ERR_OK &&
           (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

bool answer_media_is(const struct answer *answer, const char *type) {
    struct text rest = answer_header(answer, "Content-Type", 0), media;
    return rest.ptr != NULL && text_cut(&rest, ';', &media) &&
           text_ieq(text_trim(media), text_of(type));
}

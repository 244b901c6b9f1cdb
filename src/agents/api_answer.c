/* Compares an answer with its description. Asks nobody. */
#include "agents/api_answer.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/probe/json_schema.h"

#define SAY(words, ...) snprintf(words, API_ANSWER_WORDS_SIZE, __VA_ARGS__)

struct headers {
    const struct api *api;
    const struct http_response *response;
    char *words;
    bool missing;
};

static bool answer_header(void *ctx, struct text name, const struct json *value) {
    struct headers *headers = ctx;
    char key[128];
    value = json_schema_resolve(openapi_root(headers->api->openapi), value);
    if (!json_bool(json_get(value, "required"), false) || !text_copy(name, key, sizeof(key)) ||
        http_response_header(headers->response, key, 0).ptr != NULL)
        return true;
    SAY(headers->words, "%d without the header field %.100s", headers->response->status, key);
    headers->missing = true;
    return false;
}

static bool answer_has_headers(const struct api *api, const struct json *described,
                               const struct http_response *response, char *words) {
    struct headers headers = {api, response, words, false};
    json_each(json_get(described, "headers"), answer_header, &headers);
    return !headers.missing;
}

static bool answer_is_valid(const struct api *api, const struct json *media,
                            const struct http_response *response, char *words) {
    struct json *body = NULL;
    struct fault fault = {0};
    enum err err = json_parse(buf_text(&response->body), &JSON_LIMITS_RESULT, &body, NULL);
    if (err != ERR_OK) {
        SAY(words, "%d with a body that is not JSON", response->status);
        return err != ERR_SYNTAX;
    }
    err = json_schema_check(openapi_root(api->openapi), json_get(media, "schema"), body, &fault);
    json_free(body);
    SAY(words, "%d with a body that is not as its schema says: %.150s", response->status,
        fault.text);
    return err != ERR_SYNTAX;
}

static bool answer_has_body(const struct api *api, const struct json *described,
                            const struct http_response *response, char *words) {
    struct text type = http_response_header(response, "Content-Type", 0);
    const struct json *content = json_get(described, "content");
    if (json_count(content) == 0 || (response->body.len == 0 && !response->truncated))
        return true; /* without a body it has no type either */
    const struct json *media = openapi_media(api->openapi, described, type);
    if (media == NULL) {
        SAY(words, "%d of the Content-Type %.*s, which is not described", response->status,
            (int)(type.len > 80 ? 80 : type.len), type.ptr != NULL ? type.ptr : "");
        return false;
    }
    return response->truncated || !openapi_is_json(type) ||
           answer_is_valid(api, media, response, words);
}

enum api_answer api_answer_judge(const struct api *api, const struct openapi_operation *operation,
                                 const struct http_response *response, char *words) {
    int status = response->status;
    const struct json *described = openapi_response(api->openapi, operation, status);
    SAY(words, "%d", status);
    if (status >= 500)
        return API_ANSWER_ERROR;
    if (status == 429 || json_count(json_get(operation->node, "responses")) == 0 ||
        (operation->security != NULL && (status == 401 || status == 403)))
        return API_ANSWER_FINE; /* nothing of the operation itself */
    if (described == NULL) {
        SAY(words, "%d, a status that is not described", status);
        return API_ANSWER_DIFFERS;
    }
    bool fine = answer_has_headers(api, described, response, words) &&
                (strcmp(operation->method, "HEAD") == 0 ||
                 answer_has_body(api, described, response, words));
    return fine ? API_ANSWER_FINE : API_ANSWER_DIFFERS;
}

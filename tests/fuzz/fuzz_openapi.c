/* fuzz_openapi: any bytes as the description of an API. What is made of its schemas is valid, what
 * is spoiled is not, and a call that is made goes to the API's own server. */
#include <stdlib.h>

#include "agents/api_answer.h"
#include "agents/api_call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static void try_schema(const struct json *root, const struct json *schema) {
    struct json *value;
    const char *what;
    if (json_schema_make(root, schema, JSON_SCHEMA_MOST, &value) == ERR_OK) {
        require(json_schema_check(root, schema, value, NULL) == ERR_OK);
        json_free(value);
    }
    for (size_t kind = 0; kind < JSON_SCHEMA_SPOILS; kind++) {
        if (json_schema_spoil(root, schema, kind, &what, &value) != ERR_OK)
            continue;
        require(json_schema_check(root, schema, value, NULL) == ERR_SYNTAX);
        json_free(value);
    }
}

static void try_call(struct openapi *openapi, const struct openapi_operation *one) {
    const struct api api = {.openapi = openapi, .server = "https://a.test:81/x"};
    for (int size = JSON_SCHEMA_LEAST; size <= JSON_SCHEMA_MOST; size++) {
        const struct api_wish wish = {.size = (enum json_schema_size)size, .pretends = true};
        struct http_response answer = {.status = 200};
        char words[API_ANSWER_WORDS_SIZE];
        struct api_call call;
        struct buf line;
        struct url url;
        buf_init(&line, 1 << 20);
        if (api_call_make(&api, one, &wish, &call)) {
            api_call_line(&call, &line);
            require(text_starts(buf_text(&call.url), TEXT("https://a.test:81/x/")));
            require(url_parse(buf_text(&call.url), &url, NULL) != ERR_OK || url.port == 81);
        }
        (void)api_answer_judge(&api, one, &answer, words);
        api_call_done(&call);
        buf_done(&line);
    }
}

static void try_operation(const struct openapi *openapi, const struct openapi_operation *one) {
    const struct json *root = openapi_root(openapi),
                      *response = openapi_response(openapi, one, 200);
    const struct json *media = openapi_media(openapi, response, TEXT("application/json"));
    require(openapi_find(openapi, one->path, one->method) != NULL);
    for (size_t i = 0; i < one->parameter_count; i++)
        try_schema(root, one->parameters[i].schema);
    try_schema(root, json_get(one->body, "schema"));
    (void)json_schema_check(root, json_get(media, "schema"), root, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct openapi *openapi;
    struct fault fault;
    struct buf buf;
    struct url base;
    if (data == NULL ||
        openapi_read(text_make((const char *)data, size), &openapi, &fault) != ERR_OK)
        return 0;
    buf_init(&buf, 4 * URL_MAX_BYTES);
    require(url_parse(TEXT("https://a.test/openapi.json"), &base, NULL) == ERR_OK);
    (void)openapi_server(openapi, &base, &buf);
    for (size_t i = 0; i < openapi_count(openapi) && i < 8; i++)
        try_operation(openapi, openapi_get(openapi, i));
    for (size_t i = 0; i < openapi_count(openapi) && i < 8; i++)
        try_call(openapi, openapi_get(openapi, i));
    buf_done(&buf);
    openapi_free(openapi);
    return 0;
}

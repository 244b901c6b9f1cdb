/* fuzz_openapi: any bytes as the description of an API. What is made of its schemas is valid, what
 * is spoiled is not. */
#include <stdlib.h>

#include "agnostic/probe/json_schema.h"
#include "agnostic/probe/openapi.h"

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
    buf_done(&buf);
    openapi_free(openapi);
    return 0;
}

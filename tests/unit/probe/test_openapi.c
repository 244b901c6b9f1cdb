/* What is read of the description of an API. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/openapi.h"

static const char SHOP[] =
    "openapi: 3.0.3\n"
    "servers: [{url: 'https://other.test/'}, {url: /v1/}]\n"
    "security: [{key: []}]\n"
    "paths:\n"
    "  /items/{id}:\n"
    "    parameters:\n"
    "    - {$ref: '#/components/parameters/id'}\n"
    "    get:\n"
    "      security: []\n"
    "      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"
    "      responses:\n"
    "        200: {content: {application/json: {schema: {type: object}}, text/*: {}}}\n"
    "        4XX: {description: wrong}\n"
    "    delete:\n"
    "      responses: {default: {description: any}}\n"
    "  /broken/{id}:\n"
    "    get: {responses: {}}\n"
    "  /items:\n"
    "    post:\n"
    "      security: [{key: []}, {}]\n"
    "      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}\n"
    "components:\n"
    "  parameters: {id: {name: id, in: path, required: true, schema: {type: integer}}}\n"
    "  securitySchemes: {key: {type: http, scheme: bearer}}\n";

static struct openapi *read_shop(void) {
    struct openapi *openapi = NULL;
    struct fault fault = {0};
    if (openapi_read(text_of(SHOP), &openapi, &fault) != ERR_OK)
        fail_msg("%s", fault.text);
    return openapi;
}

static void operations_are_read_and_those_not_understood_left_out(void **state) {
    struct openapi *shop = read_shop();
    (void)state;
    assert_int_equal(3, openapi_count(shop));
    assert_int_equal(1, openapi_omitted(shop));
    const struct openapi_operation *get = openapi_find(shop, TEXT("/items/{id}"), "GET");
    const struct openapi_operation *del = openapi_find(shop, TEXT("/items/{id}"), "DELETE");
    const struct openapi_operation *post = openapi_find(shop, TEXT("/items"), "POST");
    assert_true(get != NULL && del != NULL && post != NULL);
    assert_int_equal(1, get->parameter_count); /* its own stands before the path's */
    assert_string_equal("string", json_str(json_get(get->parameters[0].schema, "type"), ""));
    assert_string_equal("integer", json_str(json_get(del->parameters[0].schema, "type"), ""));
    assert_null(get->security);
    assert_string_equal("bearer", json_str(json_get(del->security, "scheme"), ""));
    assert_null(post->security); /* an empty entry lets everybody in */
    assert_true(post->body != NULL && post->body_required && !get->body_required);
    openapi_free(shop);
}

static void answers_are_found_by_status_and_type(void **state) {
    struct openapi *shop = read_shop();
    const struct openapi_operation *get = openapi_find(shop, TEXT("/items/{id}"), "GET");
    const struct openapi_operation *del = openapi_find(shop, TEXT("/items/{id}"), "DELETE");
    const struct json *fine = openapi_response(shop, get, 200);
    (void)state;
    assert_non_null(fine);
    assert_non_null(openapi_response(shop, get, 404));
    assert_null(openapi_response(shop, get, 500));
    assert_non_null(openapi_response(shop, del, 500));
    assert_non_null(openapi_media(shop, fine, TEXT("application/JSON; charset=utf-8")));
    assert_non_null(openapi_media(shop, fine, TEXT("text/plain")));
    assert_null(openapi_media(shop, fine, TEXT("image/png")));
    assert_null(openapi_media(shop, fine, text_make(NULL, 0)));
    openapi_free(shop);
}

static void the_server_of_the_same_origin_is_taken(void **state) {
    struct openapi *shop = read_shop();
    struct url base;
    struct buf buf;
    (void)state;
    buf_init(&buf, URL_MAX_BYTES);
    assert_err(ERR_OK, url_parse(TEXT("https://shop.test:81/openapi.yaml"), &base, NULL));
    assert_true(openapi_server(shop, &base, &buf));
    assert_string_equal("https://shop.test:81/v1", buf_str(&buf));
    buf_done(&buf);
    openapi_free(shop);
}

static void what_is_no_description_is_refused(void **state) {
    static const char *const TEXTS[] = {"",
                                        "<html>",
                                        "{}",
                                        "{\"openapi\":3}",
                                        "swagger: '2.0'",
                                        "{\"openapi\":\"3.0.0\",\"openapi\":\"3.0.0\"}",
                                        "openapi: 3.0.0\na: &a [1]\nb: [*a, *a]"};
    struct openapi *openapi = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        assert_err(ERR_SYNTAX, openapi_read(text_of(TEXTS[i]), &openapi, NULL));
    assert_null(openapi);
}

static void more_operations_than_the_bound_are_counted(void **state) {
    struct openapi *openapi = NULL;
    struct buf buf;
    (void)state;
    buf_init(&buf, OPENAPI_MAX_BYTES);
    buf_puts(&buf, "openapi: 3.1.0\npaths:\n");
    for (int i = 0; i < OPENAPI_OPERATIONS_MAX + 5; i++)
        buf_printf(&buf, "  /p%d: {get: {}}\n", i);
    assert_err(ERR_OK, openapi_read(buf_text(&buf), &openapi, NULL));
    assert_int_equal(OPENAPI_OPERATIONS_MAX, openapi_count(openapi));
    assert_int_equal(5, openapi_omitted(openapi));
    openapi_free(openapi);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_are_read_and_those_not_understood_left_out),
        cmocka_unit_test(answers_are_found_by_status_and_type),
        cmocka_unit_test(the_server_of_the_same_origin_is_taken),
        cmocka_unit_test(what_is_no_description_is_refused),
        cmocka_unit_test(more_operations_than_the_bound_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

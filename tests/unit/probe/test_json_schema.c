/* What values a schema lets in (a table), which are made of it, and what YAML is as JSON. */
#include "check.h"

#include <stdlib.h>

#include "agnostic/probe/json_schema.h"
#include "probe/yaml_json.h"
#include "table.h"

static struct json *tree(struct text text) {
    struct json *root = NULL;
    if (json_parse(text, &JSON_LIMITS_RESULT, &root, NULL) != ERR_OK)
        fail_msg("%.*s", TEXT_ARG(text));
    return root;
}

static void check_row(char **cells, size_t line) {
    struct json *schema = tree(text_of(cells[0])), *value = tree(text_of(cells[1]));
    enum err err = json_schema_check(schema, schema, value, NULL);
    const char *word = err == ERR_OK ? "yes" : err == ERR_SYNTAX ? "no" : "unknown";
    if (strcmp(word, cells[2]) != 0)
        fail_msg("line %zu: %s", line, word);
    json_free(schema);
    json_free(value);
}

static void table_of_schemas(void **state) {
    (void)state;
    assert_true(table_each("json_schema.tsv", 3, check_row) > 90);
}

/* What is made of a schema is valid, what is spoiled is not; whatever the schema. */
static void try_to_make(char **cells, size_t line) {
    struct json *schema = tree(text_of(cells[0])), *value;
    const char *what;
    (void)line;
    for (int size = JSON_SCHEMA_LEAST; size <= JSON_SCHEMA_MOST; size++) {
        if (json_schema_make(schema, schema, (enum json_schema_size)size, &value) != ERR_OK)
            continue;
        assert_err(ERR_OK, json_schema_check(schema, schema, value, NULL));
        json_free(value);
    }
    for (size_t kind = 0; kind < JSON_SCHEMA_SPOILS; kind++) {
        if (json_schema_spoil(schema, schema, kind, &what, &value) != ERR_OK)
            continue;
        assert_err(ERR_SYNTAX, json_schema_check(schema, schema, value, NULL));
        json_free(value);
    }
    json_free(schema);
}

static void what_is_made_is_valid_and_what_is_spoiled_is_not(void **state) {
    (void)state;
    table_each("json_schema.tsv", 3, try_to_make);
}

static void check_made(const char *schema_text, enum json_schema_size size, const char *expected) {
    struct json *schema = tree(text_of(schema_text)), *value = NULL;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, 4096);
    assert_err(ERR_OK, json_schema_make(schema, schema, size, &value));
    json_out_init(&out, &buf);
    json_out_value(&out, value);
    assert_string_equal(expected, buf_str(&buf));
    buf_done(&buf);
    json_free(value);
    json_free(schema);
}

static void the_least_and_the_most_are_made(void **state) {
    static const char OBJECT[] =
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\","
        "\"minimum\":2,\"maximum\":5},\"b\":{\"type\":\"string\",\"maxLength\":3},"
        "\"id\":{\"type\":\"integer\",\"readOnly\":true},\"c\":{\"enum\":[\"x\"]}}}";
    (void)state;
    check_made(OBJECT, JSON_SCHEMA_LEAST, "{\"a\":2}");
    check_made(OBJECT, JSON_SCHEMA_MOST, "{\"a\":5,\"b\":\"aaa\",\"c\":\"x\"}");
    check_made("{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}]}",
               JSON_SCHEMA_LEAST, "{\"a\":false}");
    check_made("{\"type\":\"integer\",\"default\":7}", JSON_SCHEMA_LEAST, "7");
}

static void yaml_row(char **cells, size_t line) {
    struct buf yaml, json;
    buf_init(&yaml, TABLE_LINE_MAX);
    buf_init(&json, TABLE_LINE_MAX);
    for (const char *c = cells[0]; *c != '\0'; c++)
        buf_putc(&yaml, *c == '|' ? '\n' : *c);
    bool read = yaml_json(buf_text(&yaml), &json, NULL) == ERR_OK;
    if (strcmp(read ? buf_str(&json) : "-", cells[1]) != 0)
        fail_msg("line %zu: %s", line, read ? buf_str(&json) : "-");
    buf_done(&yaml);
    buf_done(&json);
}

static void table_of_yaml(void **state) {
    (void)state;
    assert_true(table_each("yaml.tsv", 2, yaml_row) > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_schemas),
        cmocka_unit_test(what_is_made_is_valid_and_what_is_spoiled_is_not),
        cmocka_unit_test(the_least_and_the_most_are_made),
        cmocka_unit_test(table_of_yaml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

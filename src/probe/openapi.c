/* Reads a description into its operations. Asks nobody. */
#include "agnostic/probe/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/json_schema.h"
#include "probe/yaml_json.h"

enum { SECURITY_MAX = 16 };

static const struct json_limits LIMITS = {YAML_JSON_DEPTH_MAX, 4096, 200000};

struct openapi {
    struct json *root;
    struct openapi_operation operations[OPENAPI_OPERATIONS_MAX];
    size_t count, omitted;
};

static const struct json *openapi_node(const struct openapi *openapi, const struct json *node) {
    return json_schema_resolve(openapi->root, node);
}

/* --- parameters --------------------------------------------------------------------------------
 */

static bool openapi_place(const struct json *node, enum openapi_place *ret_place) {
    static const char *const WORDS[] = {"path", "query", "header", "cookie"};
    const char *word = json_str(json_get(node, "in"), "");
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        if (strcmp(word, WORDS[i]) != 0)
            continue;
        *ret_place = (enum openapi_place)i;
        return true;
    }
    return false;
}

struct first {
    const struct json *value;
};

static bool openapi_first(void *ctx, struct text name, const struct json *value) {
    (void)name;
    ((struct first *)ctx)->value = value;
    return false;
}

/* The example that a parameter or a media type has beside its schema. */
static const struct json *openapi_example(const struct openapi *openapi, const struct json *node) {
    struct first first = {NULL};
    if (json_get(node, "example") != NULL)
        return json_get(node, "example");
    json_each(json_get(node, "examples"), openapi_first, &first);
    return json_get(openapi_node(openapi, first.value), "value");
}

static bool openapi_parameter(const struct openapi *openapi, const struct json *node,
                              struct openapi_operation *operation) {
    struct openapi_parameter one = {0};
    node = openapi_node(openapi, node);
    if (!json_text(json_get(node, "name"), &one.name) || !openapi_place(node, &one.place))
        return false;
    one.required = one.place == OPENAPI_PATH || json_bool(json_get(node, "required"), false);
    one.schema = openapi_node(openapi, json_get(node, "schema"));
    one.example = openapi_example(openapi, node);
    for (size_t i = 0; i < operation->parameter_count; i++) {
        struct openapi_parameter *known = &operation->parameters[i];
        if (known->place != one.place || !text_eq(known->name, one.name))
            continue;
        *known = one; /* an operation's own stands before its path's */
        return true;
    }
    if (operation->parameter_count == OPENAPI_PARAMETERS_MAX)
        return false;
    operation->parameters[operation->parameter_count++] = one;
    return true;
}

static bool openapi_parameters(const struct openapi *openapi, const struct json *list,
                               struct openapi_operation *operation) {
    size_t count = json_count(list);
    bool known = count <= 2 * OPENAPI_PARAMETERS_MAX;
    for (size_t i = 0; known && i < count; i++)
        known = openapi_parameter(openapi, json_at(list, i), operation);
    return known;
}

static bool openapi_has(const struct openapi_operation *operation, struct text name) {
    for (size_t i = 0; i < operation->parameter_count; i++)
        if (operation->parameters[i].place == OPENAPI_PATH &&
            text_eq(operation->parameters[i].name, name))
            return true;
    return false;
}

/* Has each {name} of the path its parameter? */
static bool openapi_is_whole(const struct openapi_operation *operation) {
    struct text rest = operation->path, part, name;
    (void)text_cut(&rest, '{', &part);
    while (text_cut(&rest, '{', &part))
        if (!text_cut(&part, '}', &name) || !openapi_has(operation, name))
            return false;
    return true;
}

/* --- an operation ------------------------------------------------------------------------------
 */

bool openapi_is_json(struct text type) {
    struct text bare = type;
    if (type.ptr == NULL || !text_cut(&type, ';', &bare))
        return false;
    bare = text_trim(bare);
    return text_ieq(bare, TEXT("application/json")) ||
           (bare.len > 5 && text_ieq(text_make(bare.ptr + bare.len - 5, 5), TEXT("+json")));
}

struct medium {
    struct text type;
    const struct json *value;
    bool json; /* any of JSON will do */
};

/* Does a media type of a description, which may be a range, hold that one? */
static bool openapi_is_of(struct text range, struct text type) {
    struct text a = range, b = type;
    if (range.ptr == NULL || type.ptr == NULL || !text_cut(&range, ';', &a) ||
        !text_cut(&type, ';', &b))
        return false;
    a = text_trim(a);
    b = text_trim(b);
    if (text_is(a, "*/*"))
        return true;
    if (text_ends(a, TEXT("/*")))
        return text_istarts(b, text_make(a.ptr, a.len - 1));
    return text_ieq(a, b);
}

static bool openapi_medium(void *ctx, struct text name, const struct json *value) {
    struct medium *medium = ctx;
    if (medium->json ? !openapi_is_json(name) : !openapi_is_of(name, medium->type))
        return true;
    medium->value = value;
    return false;
}

const struct json *openapi_media(const struct openapi *openapi, const struct json *response,
                                 struct text type) {
    struct medium medium = {.type = type};
    json_each(json_get(openapi_node(openapi, response), "content"), openapi_medium, &medium);
    return medium.value;
}

static void openapi_body(const struct openapi *openapi, struct openapi_operation *operation) {
    const struct json *body = openapi_node(openapi, json_get(operation->node, "requestBody"));
    struct medium medium = {.json = true};
    operation->body_required = json_bool(json_get(body, "required"), false);
    json_each(json_get(body, "content"), openapi_medium, &medium);
    operation->body = medium.value;
}

struct scheme {
    const struct openapi *openapi;
    const struct json *value;
};

static bool openapi_scheme(void *ctx, struct text name, const struct json *value) {
    struct scheme *scheme = ctx;
    char key[128];
    (void)value;
    const struct json *schemes = json_path(scheme->openapi->root, "components.securitySchemes");
    if (text_copy(name, key, sizeof(key)))
        scheme->value = openapi_node(scheme->openapi, json_get(schemes, key));
    return false;
}

/* An empty entry lets everybody in. */
static void openapi_security(const struct openapi *openapi, struct openapi_operation *operation) {
    const struct json *list = json_get(operation->node, "security");
    struct scheme scheme = {openapi, NULL};
    if (list == NULL)
        list = json_get(openapi->root, "security");
    size_t count = json_count(list);
    if (count > SECURITY_MAX)
        return;
    for (size_t i = 0; i < count; i++)
        if (json_count(json_at(list, i)) == 0)
            return;
    json_each(json_at(list, 0), openapi_scheme, &scheme);
    operation->security = scheme.value;
}

static void openapi_operation(struct openapi *openapi, const char *method, struct text path,
                              const struct json *item) {
    char key[16];
    size_t len = 0;
    for (; method[len] != '\0' && len + 1 < sizeof(key); len++)
        key[len] = (char)(method[len] | 0x20);
    key[len] = '\0';
    const struct json *node = json_get(item, key);
    struct openapi_operation one = {.method = method, .path = path, .item = item, .node = node};
    if (json_kind(node) != JSON_OBJECT)
        return;
    bool known = openapi->count < OPENAPI_OPERATIONS_MAX && json_get(item, "servers") == NULL &&
                 json_get(node, "servers") == NULL &&
                 openapi_parameters(openapi, json_get(item, "parameters"), &one) &&
                 openapi_parameters(openapi, json_get(node, "parameters"), &one) &&
                 openapi_is_whole(&one);
    if (!known) {
        openapi->omitted++;
        return;
    }
    openapi_body(openapi, &one);
    openapi_security(openapi, &one);
    openapi->operations[openapi->count++] = one;
}

static bool openapi_path(void *ctx, struct text path, const struct json *item) {
    static const char *const METHODS[] = {"GET",    "HEAD",    "POST", "PUT",
                                          "DELETE", "OPTIONS", "PATCH"};
    struct openapi *openapi = ctx;
    item = openapi_node(openapi, item);
    if (path.len == 0 || path.ptr[0] != '/')
        return true;
    for (size_t i = 0; i < sizeof(METHODS) / sizeof(METHODS[0]); i++)
        openapi_operation(openapi, METHODS[i], path, item);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static enum err openapi_tree(struct text text, struct json **ret_root, struct fault *fault) {
    struct json_fault where;
    struct buf buf;
    struct text trimmed = text_trim(text);
    if (trimmed.len > 0 && trimmed.ptr[0] == '{') {
        enum err err = json_parse(text, &LIMITS, ret_root, &where);
        return err == ERR_OK
                   ? ERR_OK
                   : fault_set(fault, err == ERR_NOMEM ? err : ERR_SYNTAX,
                               "not JSON: %s (character %zu)", where.reason, where.offset);
    }
    buf_init(&buf, 2 * OPENAPI_MAX_BYTES);
    enum err err = yaml_json(text, &buf, fault);
    if (err == ERR_OK && json_parse(buf_text(&buf), &LIMITS, ret_root, &where) != ERR_OK)
        err = fault_set(fault, ERR_SYNTAX, "no description: %s", where.reason);
    buf_done(&buf);
    return err == ERR_NOMEM ? err : err == ERR_OK ? ERR_OK : ERR_SYNTAX;
}

enum err openapi_read(struct text text, struct openapi **ret_openapi, struct fault *ret_fault) {
    struct text version;
    if (text.ptr == NULL || text.len > OPENAPI_MAX_BYTES)
        return fault_set(ret_fault, ERR_SYNTAX, "longer than %d bytes", OPENAPI_MAX_BYTES);
    struct openapi *openapi = calloc(1, sizeof(*openapi));
    enum err err = openapi == NULL ? ERR_NOMEM : openapi_tree(text, &openapi->root, ret_fault);
    if (err == ERR_OK && (!json_text(json_get(openapi->root, "openapi"), &version) ||
                          !text_starts(version, TEXT("3."))))
        err = fault_set(ret_fault, ERR_SYNTAX, "no description by OpenAPI 3");
    if (err != ERR_OK) {
        openapi_free(openapi);
        return err;
    }
    json_each(json_get(openapi->root, "paths"), openapi_path, openapi);
    *ret_openapi = openapi;
    return ERR_OK;
}

void openapi_free(struct openapi *openapi) {
    if (openapi == NULL)
        return;
    json_free(openapi->root);
    free(openapi);
}

size_t openapi_count(const struct openapi *openapi) {
    return openapi->count;
}

size_t openapi_omitted(const struct openapi *openapi) {
    return openapi->omitted;
}

const struct openapi_operation *openapi_get(const struct openapi *openapi, size_t index) {
    return &openapi->operations[index];
}

const struct json *openapi_root(const struct openapi *openapi) {
    return openapi->root;
}

const struct openapi_operation *openapi_find(const struct openapi *openapi, struct text path,
                                             const char *method) {
    for (size_t i = 0; i < openapi->count; i++)
        if (text_eq(openapi->operations[i].path, path) &&
            strcmp(openapi->operations[i].method, method) == 0)
            return &openapi->operations[i];
    return NULL;
}

/* --- servers and answers -----------------------------------------------------------------------
 */

/* Resolved against base; false when it is of another origin, or has parts to fill in. */
static bool openapi_server_at(struct text server, const struct url *base, struct buf *buf) {
    char origin[URL_HOST_SIZE + 32], own[URL_HOST_SIZE + 32];
    struct buf whole;
    struct url url;
    buf_init(&whole, 2 * URL_MAX_BYTES);
    bool is_own = text_find(server, TEXT("{")) < 0 && url_resolve(base, server, &whole) == ERR_OK &&
                  !whole.failed && url_parse(buf_text(&whole), &url, NULL) == ERR_OK;
    if (is_own) {
        url_origin(&url, origin, sizeof(origin));
        url_origin(base, own, sizeof(own));
        is_own = strcmp(origin, own) == 0;
    }
    if (is_own) {
        struct text path = url.path;
        while (path.len > 0 && path.ptr[path.len - 1] == '/')
            path.len--;
        buf_puts(buf, own);
        buf_puttext(buf, path);
    }
    buf_done(&whole);
    return is_own;
}

bool openapi_server(const struct openapi *openapi, const struct url *base, struct buf *buf) {
    const struct json *servers = json_get(openapi->root, "servers");
    struct text server;
    size_t count = json_count(servers);
    if (count == 0)
        return openapi_server_at(TEXT("/"), base, buf);
    for (size_t i = 0; i < count && i < 16; i++)
        if (json_text(json_get(json_at(servers, i), "url"), &server) &&
            openapi_server_at(server, base, buf))
            return true;
    return false;
}

const struct json *openapi_response(const struct openapi *openapi,
                                    const struct openapi_operation *operation, int status) {
    const struct json *responses = json_get(operation->node, "responses");
    char exact[16], range[16];
    snprintf(exact, sizeof(exact), "%d", status);
    snprintf(range, sizeof(range), "%dXX", status / 100);
    const char *const names[] = {exact, range, "default"};
    const struct json *found = NULL;
    for (size_t i = 0; found == NULL && i < sizeof(names) / sizeof(names[0]); i++)
        found = json_get(responses, names[i]);
    return openapi_node(openapi, found);
}

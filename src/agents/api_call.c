/* From a description to a request. Judges nothing. */
#include "agents/api_call.h"

#include <stdlib.h>
#include <string.h>

#include "agents/shell.h"

enum { CALL_BODY_MAX = 128 << 10, CALL_VALUE_MAX = 16 << 10 };

static const struct http_limits ANSWER = {5000, 10000, 1 << 20, 64 << 10};

/* --- values ------------------------------------------------------------------------------------
 */

bool api_call_put_value(const struct json *value, struct buf *buf) {
    struct text text;
    struct json_out out;
    if (json_kind(value) == JSON_ARRAY)
        value = json_at(value, 0);
    if (json_text(value, &text)) {
        buf_puttext(buf, text);
        return true;
    }
    if (value == NULL || json_kind(value) >= JSON_ARRAY)
        return false;
    json_out_init(&out, buf);
    json_out_value(&out, value);
    return true;
}

static void call_escape(struct text text, struct buf *buf) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i], low = c | 0x20;
        if ((c >= '0' && c <= '9') || (low >= 'a' && low <= 'z') ||
            (c != '\0' && strchr("-._~", c) != NULL))
            buf_putc(buf, (char)c);
        else
            buf_printf(buf, "%%%02X", c);
    }
}

/* A valid value of a parameter: its example if that is one, or a made one. */
static bool call_valid(const struct api *api, const struct openapi_parameter *parameter,
                       enum json_schema_size size, struct buf *buf) {
    const struct json *root = openapi_root(api->openapi);
    struct json *made = NULL;
    if (parameter->example != NULL &&
        json_schema_check(root, parameter->schema, parameter->example, NULL) == ERR_OK)
        return api_call_put_value(parameter->example, buf);
    if (parameter->schema == NULL) {
        buf_putc(buf, '1');
        return true;
    }
    if (json_schema_make(root, parameter->schema, size, &made) != ERR_OK)
        return false;
    bool put = api_call_put_value(made, buf);
    json_free(made);
    return put;
}

/* --- a call ------------------------------------------------------------------------------------
 */

struct filling {
    const struct api *api;
    const struct openapi_operation *operation;
    const struct api_wish *wish;
    struct api_call *call;
    bool has_query;
};

/* The value of a parameter; false: it has none. `left`: and needs none. */
static bool call_value(const struct filling *filling, const struct openapi_parameter *parameter,
                       struct buf *buf, bool *ret_left) {
    const struct api_wish *wish = filling->wish;
    *ret_left = parameter == wish->parameter && wish->value.ptr == NULL;
    if (*ret_left)
        return false;
    if (parameter == wish->parameter) {
        buf_puttext(buf, wish->value);
        return true;
    }
    *ret_left = !parameter->required;
    if (!parameter->required && wish->size == JSON_SCHEMA_LEAST)
        return false;
    return call_valid(filling->api, parameter, wish->size, buf);
}

static void call_query(struct filling *filling, struct text name, struct text value) {
    buf_putc(&filling->call->url, filling->has_query ? '&' : '?');
    filling->has_query = true;
    call_escape(name, &filling->call->url);
    buf_putc(&filling->call->url, '=');
    call_escape(value, &filling->call->url);
}

static bool call_is_line(struct text text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7F)
            return false;
    return true;
}

static void call_header(struct filling *filling, struct text name, struct text value) {
    if (!call_is_line(name) || !call_is_line(value) || text_find(name, TEXT(":")) >= 0)
        filling->call->lines.failed = true;
    buf_puttext(&filling->call->lines, name);
    buf_puts(&filling->call->lines, ": ");
    buf_puttext(&filling->call->lines, value);
    buf_putc(&filling->call->lines, '\n');
}

static void call_cookie(struct filling *filling, struct text name, struct text value) {
    struct buf pair;
    buf_init(&pair, CALL_VALUE_MAX);
    call_escape(name, &pair);
    buf_putc(&pair, '=');
    call_escape(value, &pair);
    call_header(filling, TEXT("Cookie"), buf_text(&pair));
    buf_done(&pair);
}

/* The value of one {name}; a path that would lead elsewhere is none. */
static bool call_path_value(struct filling *filling, struct text name) {
    const struct openapi_operation *operation = filling->operation;
    struct buf value;
    bool put = false, left;
    buf_init(&value, CALL_VALUE_MAX);
    for (size_t i = 0; i < operation->parameter_count; i++)
        if (operation->parameters[i].place == OPENAPI_PATH &&
            text_eq(operation->parameters[i].name, name))
            put = call_value(filling, &operation->parameters[i], &value, &left);
    put =
        put && value.len > 0 && !text_is(buf_text(&value), ".") && !text_is(buf_text(&value), "..");
    call_escape(buf_text(&value), &filling->call->url);
    buf_done(&value);
    return put;
}

static bool call_path(struct filling *filling) {
    struct text rest = filling->operation->path, part, name;
    buf_puts(&filling->call->url, filling->api->server);
    (void)text_cut(&rest, '{', &part);
    buf_puttext(&filling->call->url, part);
    while (text_cut(&rest, '{', &part)) {
        if (!text_cut(&part, '}', &name) || !call_path_value(filling, name))
            return false;
        if (part.len > 0)
            buf_puttext(&filling->call->url, part);
    }
    return true;
}

static bool call_parameters(struct filling *filling) {
    static const char *const NOT_THESE[] = {"accept", "content-type", "authorization"};
    bool whole = true;
    for (size_t i = 0; whole && i < filling->operation->parameter_count; i++) {
        const struct openapi_parameter *one = &filling->operation->parameters[i];
        bool left = one->place == OPENAPI_PATH;
        for (size_t k = 0; one->place == OPENAPI_HEADER && k < 3; k++)
            left |= text_ieq(one->name, text_of(NOT_THESE[k])); /* described elsewhere */
        if (left)
            continue;
        struct buf value;
        buf_init(&value, CALL_VALUE_MAX);
        if (!call_value(filling, one, &value, &left))
            whole = left;
        else if (one->place == OPENAPI_QUERY)
            call_query(filling, one->name, buf_text(&value));
        else if (one->place == OPENAPI_HEADER)
            call_header(filling, one->name, buf_text(&value));
        else
            call_cookie(filling, one->name, buf_text(&value));
        whole = whole && !value.failed;
        buf_done(&value);
    }
    return whole;
}

static bool call_body(struct filling *filling) {
    const struct openapi_operation *operation = filling->operation;
    const struct json *root = openapi_root(filling->api->openapi);
    struct json *made = NULL;
    struct json_out out;
    bool wanted = operation->body_required ||
                  (operation->body != NULL && filling->wish->size == JSON_SCHEMA_MOST);
    if (filling->wish->body.ptr != NULL) {
        buf_puttext(&filling->call->body, filling->wish->body);
    } else if (!wanted) {
        return true;
    } else {
        if (operation->body == NULL || json_schema_make(root, json_get(operation->body, "schema"),
                                                        filling->wish->size, &made) != ERR_OK)
            return false;
        json_out_init(&out, &filling->call->body);
        json_out_value(&out, made);
        json_free(made);
    }
    filling->call->has_body = true;
    call_header(filling, TEXT("Content-Type"), TEXT("application/json"));
    return true;
}

static void call_pretend(struct filling *filling) {
    const struct json *scheme = filling->operation->security;
    struct text name, garbage = TEXT("qaprobe");
    const char *place = json_str(json_get(scheme, "in"), "");
    if (json_text(json_get(scheme, "name"), &name) && strcmp(place, "query") == 0)
        call_query(filling, name, garbage);
    else if (name.ptr != NULL && strcmp(place, "header") == 0)
        call_header(filling, name, garbage);
    else if (name.ptr != NULL && strcmp(place, "cookie") == 0)
        call_cookie(filling, name, garbage);
    else if (text_ieq(text_of(json_str(json_get(scheme, "scheme"), "")), TEXT("basic")))
        call_header(filling, TEXT("Authorization"), TEXT("Basic cWFwcm9iZTpxYXByb2Jl"));
    else
        call_header(filling, TEXT("Authorization"), TEXT("Bearer qaprobe"));
}

bool api_call_make(const struct api *api, const struct openapi_operation *operation,
                   const struct api_wish *wish, struct api_call *ret_call) {
    *ret_call =
        (struct api_call){.method = wish->method != NULL ? wish->method : operation->method};
    struct filling filling = {api, operation, wish, ret_call, false};
    buf_init(&ret_call->url, URL_MAX_BYTES);
    buf_init(&ret_call->lines, CALL_VALUE_MAX);
    buf_init(&ret_call->body, CALL_BODY_MAX);
    bool made = call_path(&filling) && call_parameters(&filling) &&
                (wish->method != NULL || call_body(&filling));
    if (made && wish->pretends)
        call_pretend(&filling);
    return made && !ret_call->url.failed && !ret_call->lines.failed && !ret_call->body.failed;
}

void api_call_done(struct api_call *call) {
    buf_done(&call->url);
    buf_done(&call->lines);
    buf_done(&call->body);
}

/* --- sent, and told ----------------------------------------------------------------------------
 */

enum err api_call_send(struct asker *asker, const struct api_call *call,
                       struct http_response *response, struct fault *fault) {
    struct http_header headers[API_CALL_HEADERS_MAX];
    struct text rest = buf_text(&call->lines), line, name;
    struct http_request request = {
        .method = call->method, .url = buf_text(&call->url), .headers = headers};
    while (call->lines.len > 0 && request.header_count < API_CALL_HEADERS_MAX &&
           text_cut(&rest, '\n', &line) && line.len > 0) {
        struct http_header *header = &headers[request.header_count++];
        (void)text_cut(&line, ':', &name);
        *header = (struct http_header){name, text_trim(line)};
    }
    if (call->has_body)
        request.body = call->body.len > 0 ? buf_text(&call->body) : TEXT("");
    return asker_send(asker, &request, &ANSWER, response, fault);
}

static void call_quote(struct buf *buf, const char *option, struct text word) {
    char *copy = text_dup(word);
    buf_puts(buf, option);
    shell_quote(buf, copy != NULL ? copy : "");
    buf_putc(buf, ' ');
    free(copy);
}

void api_call_line(const struct api_call *call, struct buf *buf) {
    struct text rest = buf_text(&call->lines), line;
    bool head = strcmp(call->method, "HEAD") == 0;
    buf_puts(buf, "curl -gsk --path-as-is ");
    buf_puts(buf, head ? "-I " : "-i ");
    if (!head && strcmp(call->method, "GET") != 0)
        buf_printf(buf, "-X %s ", call->method);
    while (call->lines.len > 0 && text_cut(&rest, '\n', &line) && line.len > 0)
        call_quote(buf, "-H ", line);
    if (call->has_body)
        call_quote(buf, "--data-raw ", buf_text(&call->body));
    shell_quote(buf, buf_str(&call->url));
}

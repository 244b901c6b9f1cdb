/* client: calls and their answers. Must not know what a call is for. */
#include "ctl/client.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "ctl/command.h"
#include "ctl/terminal.h"

enum {
    CLIENT_PATH_MAX_BYTES = 4096,
    RETRY_AFTER_MAX_S = 3600,
    POST_TRIES = 3,
    POST_PAUSE_MS = 300, /* before the second try, more before the next */
    POST_PAUSE_MAX_S = 5 /* however long the service would like */
};

static const struct http_limits CLIENT_LIMITS = {5000, 30000, 16 << 20, 64 << 10};

struct client {
    struct gate *gate;
    struct http *http;
    struct text base; /* AGNOSTIC_URL without the last '/' */
    const char *url, *key;
};

enum err client_new(const struct settings *settings, struct client **ret_client,
                    struct fault *ret_fault) {
    const char *url = settings_text(settings, SETTINGS_URL);
    struct url parsed;
    struct fault why = {0};
    if (url_parse(text_of(url), &parsed, &why) != ERR_OK)
        return fault_set(ret_fault, ERR_CONFIG, "AGNOSTIC_URL: %s", why.text);
    struct client *client = calloc(1, sizeof(*client));
    if (!client)
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    client->url = url;
    client->key = settings_text(settings, SETTINGS_API_KEY);
    client->base = text_of(url);
    while (text_ends(client->base, TEXT("/")))
        client->base.len--;
    enum err err = gate_new(NULL, "", &client->gate);
    if (err == ERR_OK)
        err = http_new(client->gate, "agnosticctl/" AGNOSTIC_VERSION, &client->http);
    if (err != ERR_OK) {
        client_free(client);
        return fault_set(ret_fault, err, "%s", err_text(err));
    }
    *ret_client = client;
    return ERR_OK;
}

int client_open(const struct settings *settings, struct client **ret_client) {
    struct fault fault = {0};
    enum err err = client_new(settings, ret_client, &fault);
    if (err == ERR_OK)
        return CTL_OK;
    fprintf(stderr, "agnosticctl: %s\n", fault.text);
    return err_exit(err);
}

int client_check_task(const char *id) {
    if (id_is_task(text_of(id)))
        return CTL_OK;
    fputs("agnosticctl: that is no task id: letters, digits and '-', at most 100\n", stderr);
    return CTL_USAGE;
}

void client_free(struct client *client) {
    if (!client)
        return;
    http_free(client->http);
    gate_free(client->gate);
    free(client);
}

const char *client_url(const struct client *client) {
    return client->url;
}

bool client_has_key(const struct client *client) {
    return client->key[0] != '\0';
}

void client_answer_done(struct client_answer *answer) {
    json_free(answer->body);
    buf_done(&answer->text);
    *answer = (struct client_answer){0};
}

/* Moves what matters out of response. */
static void take_answer(struct http_response *response, struct client_answer *answer) {
    uint64_t seconds;
    struct text after = http_response_header(response, "Retry-After", 0);
    answer->status = response->status;
    answer->retry_after_s =
        after.ptr && text_u64(after, RETRY_AFTER_MAX_S, &seconds) ? (int64_t)seconds : -1;
    answer->text = response->body;
    buf_init(&response->body, 0);
    if (answer->text.len > 0 && !response->truncated &&
        json_parse(buf_text(&answer->text), &JSON_LIMITS_RESULT, &answer->body, NULL) != ERR_OK)
        answer->body = NULL;
}

static enum err send_request(struct client *client, struct http_request *request, const char *path,
                             struct client_answer *ret_answer, struct fault *ret_fault) {
    struct buf url;
    struct http_response response;
    *ret_answer = (struct client_answer){.retry_after_s = -1};
    buf_init(&url, CLIENT_PATH_MAX_BYTES);
    buf_puttext(&url, client->base);
    buf_puts(&url, path);
    request->url = buf_text(&url);
    enum err err = http_send(client->http, request, &CLIENT_LIMITS, &response, ret_fault);
    if (err == ERR_OK)
        take_answer(&response, ret_answer);
    http_response_done(&response);
    buf_done(&url);
    return err;
}

/* idempotency_key NULL: none. */
static enum err call_with(struct client *client, const char *method, const char *path,
                          const char *idempotency_key, struct text body,
                          struct client_answer *ret_answer, struct fault *ret_fault) {
    struct http_header headers[3] = {{TEXT("Content-Type"), TEXT("application/json")}};
    struct http_request request = {
        .method = method, .headers = headers, .header_count = 1, .body = body};
    if (client_has_key(client))
        headers[request.header_count++] =
            (struct http_header){TEXT("X-API-Key"), text_of(client->key)};
    if (idempotency_key)
        headers[request.header_count++] =
            (struct http_header){TEXT("Idempotency-Key"), text_of(idempotency_key)};
    return send_request(client, &request, path, ret_answer, ret_fault);
}

enum err client_call(struct client *client, const char *method, const char *path, struct text body,
                     struct client_answer *ret_answer, struct fault *ret_fault) {
    return call_with(client, method, path, NULL, body, ret_answer, ret_fault);
}

static int64_t pause_ms(const struct client_answer *answer, int tried) {
    int64_t seconds = answer->retry_after_s;
    if (seconds <= 0)
        return (int64_t)POST_PAUSE_MS * tried;
    return (seconds < POST_PAUSE_MAX_S ? seconds : POST_PAUSE_MAX_S) * 1000;
}

enum err client_post_once(struct client *client, const char *path, const char *key,
                          struct text body, struct client_answer *ret_answer,
                          struct fault *ret_fault) {
    enum err err = call_with(client, "POST", path, key, body, ret_answer, ret_fault);
    for (int tried = 1; tried < POST_TRIES && client_is_down(err, ret_answer); tried++) {
        time_sleep_ms(pause_ms(ret_answer, tried));
        client_answer_done(ret_answer);
        err = call_with(client, "POST", path, key, body, ret_answer, ret_fault);
    }
    return err;
}

enum err client_read(struct client *client, const char *path, int64_t from,
                     struct client_answer *ret_answer, struct fault *ret_fault) {
    char range[48];
    struct http_header headers[2] = {{TEXT("Range"), TEXT("")}};
    struct http_request request = {.method = "GET", .headers = headers, .header_count = 1};
    snprintf(range, sizeof(range), "bytes=%lld-", (long long)from);
    headers[0].value = text_of(range);
    if (client_has_key(client))
        headers[request.header_count++] =
            (struct http_header){TEXT("X-API-Key"), text_of(client->key)};
    return send_request(client, &request, path, ret_answer, ret_fault);
}

enum err client_call_as(struct client *client, const struct http_header *credential,
                        const char *path, struct client_answer *ret_answer,
                        struct fault *ret_fault) {
    struct http_request request = {
        .method = "GET", .headers = credential, .header_count = credential ? 1 : 0};
    return send_request(client, &request, path, ret_answer, ret_fault);
}

bool client_is_down(enum err err, const struct client_answer *answer) {
    if (err != ERR_OK)
        return err != ERR_REFUSED && err != ERR_SYNTAX;
    return answer->status >= 500 || answer->status == 429 || !answer->body;
}

static void print_fault(const struct json *fault) {
    const struct json *loc = json_get(fault, "loc");
    const char *field = "request";
    for (size_t i = 1; i < json_count(loc); i++) /* behind "body"; an index has no name */
        field = json_str(json_at(loc, i), field);
    fputs("  ", stderr);
    terminal_put(stderr, text_of(field));
    fputs(": ", stderr);
    terminal_put(stderr, text_of(json_str(json_get(fault, "msg"), "not accepted")));
    fputc('\n', stderr);
}

static int complain_answer(const char *what, const struct client_answer *answer) {
    const struct json *detail = json_get(answer->body, "detail");
    fprintf(stderr, "agnosticctl: %s: HTTP %d", what, answer->status);
    if (json_kind(detail) == JSON_STRING) {
        fputs(": ", stderr);
        terminal_put(stderr, text_of(json_str(detail, "")));
    } else if (!answer->body) {
        fputs(", not an answer of the service; `agnosticctl doctor` looks into it", stderr);
    }
    fputc('\n', stderr);
    for (size_t i = 0; json_kind(detail) == JSON_ARRAY && i < json_count(detail); i++)
        print_fault(json_at(detail, i));
    if (answer->status == 401)
        fputs("  the key is read from AGNOSTIC_API_KEY; `agnosticctl doctor` looks into it\n",
              stderr);
    if (answer->status == 422)
        return CTL_USAGE;
    return client_is_down(ERR_OK, answer) ? CTL_UNREACHABLE : CTL_REFUSED;
}

int client_complain(const char *what, enum err err, const struct client_answer *answer,
                    const struct fault *fault) {
    if (err == ERR_OK)
        return complain_answer(what, answer);
    fprintf(stderr, "agnosticctl: %s: ", what);
    terminal_put(stderr, text_of(fault->text[0] ? fault->text : err_text(err)));
    fputc('\n', stderr);
    return CTL_UNREACHABLE;
}

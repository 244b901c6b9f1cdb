/* service: the vocabulary of the tests of whole requests. */
#include "web/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/log.h"
#include "web/metrics.h"

enum { PARAMS_MAX = 32, PARAM_SIZE = 8192 };

struct private_redis *redis;

static struct settings *settings;
static struct app *app;
struct board *service_board;
static char params[PARAMS_MAX][PARAM_SIZE];
static size_t params_count;
static const char *sent_body;
static char *head, *body;
static const char *type;
static struct json *json;

static void forget_answer(void) {
    json_free(json);
    free(head);
    free(body);
    json = NULL;
    head = body = NULL;
}

void service_with(const char *more) {
    char text[4096];
    struct fault fault = {0};
    app_free(app);
    settings_free(settings);
    app = NULL;
    settings = NULL;
    int len = snprintf(text, sizeof(text),
                       "AGNOSTIC_API_KEY=" SERVICE_KEY "\nWEBGUI_SECRET_KEY=" SERVICE_SECRET "\n%s",
                       more);
    if (strstr(more, "AGNOSTIC_REDIS_URL=") == NULL)
        snprintf(text + len, sizeof(text) - (size_t)len, "AGNOSTIC_REDIS_URL=%s\n",
                 private_redis_url(redis, ""));
    if (settings_read(text_of(text), "test", NULL, &settings, &fault) != ERR_OK ||
        app_new(settings, service_board, &app, &fault) != ERR_OK)
        fail_msg("%s", fault.text);
}

int service_start(void **unused) {
    (void)unused;
    log_open("service", false, LOG_LEVEL_ERROR);
    redis = private_redis_start(NULL);
    service_board = metrics_board(NULL);
    board_join(service_board, 0);
    return 0;
}

int service_stop(void **unused) {
    (void)unused;
    forget_answer();
    app_free(app);
    settings_free(settings);
    board_close(service_board);
    private_redis_stop(redis);
    return 0;
}

int service_fresh(void **unused) {
    (void)unused;
    private_redis_ask(redis, "FLUSHALL");
    params_count = 0;
    service_with("");
    return 0;
}

void service_param(const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(params[params_count++], PARAM_SIZE, format, list);
    va_end(list);
}

void service_key(const char *key) {
    service_param("HTTP_X_API_KEY=%s", key);
}

static enum err read_body(void *io, size_t max, struct buf *buf) {
    (void)io;
    size_t len = sent_body != NULL ? strlen(sent_body) : 0;
    if (len > max)
        return ERR_TOO_LARGE;
    buf_put(buf, sent_body, len);
    return ERR_OK;
}

static bool has_param(const char *prefix) {
    for (size_t i = 0; i < params_count; i++)
        if (strncmp(params[i], prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static uint64_t counted(void) {
    uint64_t sum = 0;
    for (size_t route = 0; route < BOARD_ROUTES_MAX; route++)
        for (size_t code = 0; code < BOARD_CODES_MAX; code++)
            sum += board_requests(service_board, route, code);
    return sum;
}

int service_ask(const char *method, const char *uri, const char *with_body) {
    struct incoming incoming;
    const char *envp[PARAMS_MAX + 1];
    bool sent;
    service_param("REQUEST_METHOD=%s", method);
    service_param("REQUEST_URI=%s", uri);
    if (with_body != NULL && !has_param("CONTENT_TYPE="))
        service_param("CONTENT_TYPE=application/json");
    for (size_t i = 0; i < params_count; i++)
        envp[i] = params[i];
    envp[params_count] = NULL;
    incoming_init(&incoming, envp);
    incoming.read_body = read_body;
    sent_body = with_body;
    forget_answer();
    uint64_t before = counted();
    const struct reply *reply = app_serve(app, &incoming, &sent);
    assert_true(counted() > before); /* before the client can have its answer */
    int status = reply->status;
    type = reply->type;
    head = text_dup(buf_text(&reply->head));
    body = text_dup(sent ? reply->payload : TEXT(""));
    app_settle(app);
    params_count = 0;
    return status;
}

int service_operator(const char *method, const char *uri, const char *with_body) {
    service_key(SERVICE_KEY);
    return service_ask(method, uri, with_body);
}

struct json *service_json(void) {
    if (json == NULL)
        json = json_of(body);
    return json;
}

const char *service_body(void) {
    return body;
}

const char *service_str(const char *path) {
    return str_at(service_json(), path);
}

const char *service_type(void) {
    return type;
}

const char *service_field(const char *name) {
    static char value[1024];
    char line[128];
    snprintf(line, sizeof(line), "%s: ", name);
    const char *at = strstr(head, line);
    if (at == NULL || (at != head && at[-1] != '\n'))
        return NULL;
    at += strlen(line);
    (void)text_copy(text_make(at, strcspn(at, "\r")), value, sizeof(value));
    return value;
}

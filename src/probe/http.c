/* http: one bounded request at a time over libcurl. Must not know what an answer means. */
#include "agnostic/probe/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/http_door.h"
#include "probe/http_head.h"

enum {
    HEADER_LINE_MAX = 32 << 10, /* one header of ours, bytes */
    UNIX_PATH_SIZE = 108
};

const struct http_limits HTTP_LIMITS_PROBE = {5000, 20000, 4 << 20, 256 << 10};
const struct http_limits HTTP_LIMITS_WEBHOOK = {3000, 10000, 4 << 10, 32 << 10};

struct http {
    CURL *curl;
    const struct gate *gate;
    bool verify;
    enum http_version version;
    char *user_agent;
};

/* What the callbacks of one request share. */
struct exchange {
    struct http_door door;
    struct http_head head;
    struct http_response *response;
};

/* --- a client ---------------------------------------------------------------------------- */

enum err http_new(const struct gate *gate, const char *user_agent, struct http **ret_http) {
    http_door_library();
    struct http *http = calloc(1, sizeof(*http));
    if (!http)
        return ERR_NOMEM;
    http->gate = gate;
    http->verify = true;
    http->user_agent = text_dup(text_of(user_agent));
    http->curl = curl_easy_init();
    if (!http->curl || !http->user_agent) {
        http_free(http);
        return ERR_NOMEM;
    }
    *ret_http = http;
    return ERR_OK;
}

void http_free(struct http *http) {
    if (!http)
        return;
    if (http->curl)
        curl_easy_cleanup(http->curl);
    free(http->user_agent);
    free(http);
}

void http_trust(struct http *http, bool verify) {
    http->verify = verify;
}

void http_speak(struct http *http, enum http_version version) {
    http->version = version;
}

/* --- what libcurl asks during a request --------------------------------------------------- */

static size_t take_header(char *bytes, size_t size, size_t count, void *ctx) {
    struct exchange *exchange = ctx;
    return http_head_add(&exchange->head, text_make(bytes, size * count)) ? size * count : 0;
}

/* Bytes come decoded, so a compressed bomb meets the same cap as a long page. */
static size_t take_body(char *bytes, size_t size, size_t count, void *ctx) {
    struct exchange *exchange = ctx;
    struct buf *body = &exchange->response->body;
    size_t len = size * count, room = body->max - body->len;
    buf_put(body, bytes, len < room ? len : room);
    if (len <= room && !body->failed)
        return len;
    exchange->response->truncated = true;
    return 0;
}

/* --- a request ----------------------------------------------------------------------------- */

static bool is_clean(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] < 0x20 && t.ptr[i] != '\t')
            return false;
    return true;
}

/* "Name: value" as libcurl takes it ("Name;" for an empty value). */
static enum err add_header(struct curl_slist **list, struct text name, struct text value) {
    if (name.len == 0 || !is_clean(name) || !is_clean(value) || text_find(name, TEXT(":")) >= 0)
        return ERR_SYNTAX;
    struct buf line;
    buf_init(&line, HEADER_LINE_MAX);
    buf_puttext(&line, name);
    buf_puts(&line, value.len ? ": " : ";");
    buf_puttext(&line, value);
    struct curl_slist *longer = line.failed ? NULL : curl_slist_append(*list, buf_str(&line));
    enum err err = line.failed ? ERR_SYNTAX : longer ? ERR_OK : ERR_NOMEM;
    buf_done(&line);
    if (longer)
        *list = longer;
    return err;
}

/* The request's own headers; those that libcurl would add by itself are taken out ("Name:"). */
static enum err make_headers(const struct http_request *request, struct curl_slist **ret_list) {
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    enum err err = list ? ERR_OK : ERR_NOMEM;
    bool typed = false;
    for (size_t i = 0; err == ERR_OK && i < request->header_count; i++) {
        typed |= text_ieq(request->headers[i].name, TEXT("Content-Type"));
        err = add_header(&list, request->headers[i].name, request->headers[i].value);
    }
    if (err == ERR_OK && !typed) {
        struct curl_slist *longer = curl_slist_append(list, "Content-Type:");
        err = longer ? ERR_OK : ERR_NOMEM;
        list = longer ? longer : list;
    }
    if (err == ERR_OK)
        *ret_list = list;
    else
        curl_slist_free_all(list);
    return err;
}

static void set_callbacks(CURL *curl, struct exchange *exchange) {
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
}

static void set_request(CURL *curl, const struct http_request *request, const char *url,
                        struct curl_slist *headers) {
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, request->fresh ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, request->fresh ? 0L : 1L);
    if (request->body.ptr) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.ptr);
    }
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

/* A blank or a line end would end the request line early. */
static enum err set_target(CURL *curl, struct text target) {
    if (target.ptr == NULL)
        return ERR_OK;
    for (size_t i = 0; i < target.len; i++)
        if ((unsigned char)target.ptr[i] <= ' ')
            return ERR_SYNTAX;
    char *copy = text_dup(target);
    CURLcode code = copy ? curl_easy_setopt(curl, CURLOPT_REQUEST_TARGET, copy) : CURLE_OK;
    free(copy);
    return copy && code == CURLE_OK ? ERR_OK : ERR_NOMEM;
}

/* --- the outcome --------------------------------------------------------------------------- */

static int version_number(long version) {
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return 10;
    case CURL_HTTP_VERSION_2_0:
        return 20;
    default:
        return 11;
    }
}

static int64_t phase_us(CURL *curl, CURLINFO from, CURLINFO to) {
    curl_off_t start = 0, end = 0;
    if (from != CURLINFO_NONE)
        curl_easy_getinfo(curl, from, &start);
    curl_easy_getinfo(curl, to, &end);
    return end > start ? (int64_t)(end - start) : 0;
}

static void read_facts(CURL *curl, struct http_response *response) {
    long status = 0, version = 0;
    char *peer = NULL;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &peer);
    response->status = (int)status;
    response->version = version_number(version);
    if (peer)
        addr_parse(text_of(peer), &response->addr);
    response->dns_us = phase_us(curl, CURLINFO_NONE, CURLINFO_NAMELOOKUP_TIME_T);
    response->connect_us = phase_us(curl, CURLINFO_NAMELOOKUP_TIME_T, CURLINFO_CONNECT_TIME_T);
    response->tls_us = phase_us(curl, CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T);
    response->first_byte_us = phase_us(curl, CURLINFO_NONE, CURLINFO_STARTTRANSFER_TIME_T);
    curl_off_t wait_s = 0, wire = 0;
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &wire);
    response->wire_bytes = (int64_t)wire;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s);
    response->retry_after_s = wait_s > 0 ? wait_s : 0;
    response->total_us = phase_us(curl, CURLINFO_NONE, CURLINFO_TOTAL_TIME_T);
}

static enum http_body_end body_end(CURL *curl, CURLcode code) {
    curl_off_t announced = -1, came = 0;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &came);
    if (code == CURLE_BAD_CONTENT_ENCODING)
        return HTTP_BODY_UNDECODABLE;
    bool is_short = code == CURLE_PARTIAL_FILE || (code == CURLE_RECV_ERROR && came < announced);
    return is_short ? HTTP_BODY_SHORT : HTTP_BODY_CUT;
}

/* An answer whose head is whole counts, however its body ended; only waiting in vain does not. */
static enum err outcome(CURL *curl, struct exchange *exchange, CURLcode code, const char *why,
                        struct fault *ret_fault) {
    struct http_response *response = exchange->response;
    enum err err = http_door_err((int)code);
    if (exchange->door.refused && err != ERR_OK) {
        if (ret_fault)
            *ret_fault = exchange->door.fault;
        return ERR_REFUSED;
    }
    bool answered = exchange->head.ended || exchange->head.truncated;
    if (err == ERR_PEER && answered && response->status >= 200) {
        response->truncated = true;
        response->body_end = body_end(curl, code);
        return ERR_OK;
    }
    if (err == ERR_OK)
        return ERR_OK;
    return fault_set(ret_fault, err, "%s: %s", exchange->door.host,
                     why[0] ? why : http_door_words((int)code));
}

static enum err perform(struct http *http, const struct http_request *request,
                        const struct http_limits *limits, struct exchange *exchange,
                        const char *url, struct fault *ret_fault) {
    char why[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = NULL;
    enum err err = make_headers(request, &headers);
    if (err != ERR_OK)
        return fault_set(ret_fault, err, "a request header cannot be sent");
    curl_easy_reset(http->curl); /* keeps live connections */
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, why);
    http_door_fit(http->curl, &exchange->door);
    http_door_version(http->curl, http->version);
    curl_easy_setopt(http->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms);
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT_MS, (long)limits->total_ms);
    set_callbacks(http->curl, exchange);
    set_request(http->curl, request, url, headers);
    err = set_target(http->curl, request->target);
    if (err != ERR_OK) {
        fault_set(ret_fault, err, "a request target cannot be sent");
    } else {
        CURLcode code = curl_easy_perform(http->curl);
        read_facts(http->curl, exchange->response);
        err = outcome(http->curl, exchange, code, why, ret_fault);
    }
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(headers);
    enum err taken = http_head_take(&exchange->head, exchange->response);
    return err == ERR_OK ? taken : err;
}

/* What stands in the request line may be a path, or a whole URL. */
static enum err enter_target(const struct gate *gate, struct text target, struct fault *fault) {
    struct url url;
    if (target.ptr != NULL && !text_starts(target, TEXT("/")) &&
        url_parse(target, &url, NULL) == ERR_OK)
        target = url.path;
    return target.ptr != NULL ? gate_enter(gate, target, fault) : ERR_OK;
}

static enum err permit(const struct http *http, const struct http_request *request,
                       struct url *ret_url, struct fault *fault) {
    enum err err = url_parse(request->url, ret_url, fault);
    if (err == ERR_OK)
        err = gate_enter(http->gate, ret_url->path, fault);
    return err == ERR_OK ? enter_target(http->gate, request->target, fault) : err;
}

enum err http_permits(const struct http *http, const struct http_request *request,
                      struct fault *ret_fault) {
    struct url url;
    return permit(http, request, &url, ret_fault);
}

enum err http_send(struct http *http, const struct http_request *request,
                   const struct http_limits *limits, struct http_response *ret_response,
                   struct fault *ret_fault) {
    *ret_response = (struct http_response){0};
    buf_init(&ret_response->body, limits->body_max_bytes);
    struct url url;
    enum err err = permit(http, request, &url, ret_fault);
    if (err != ERR_OK)
        return err;
    /* What is connected to is what was parsed here: libcurl gets the normal form. */
    struct buf normal;
    buf_init(&normal, 2 * URL_MAX_BYTES);
    url_put(&url, &normal);
    struct exchange exchange = {.door = {.gate = http->gate,
                                         .host = url.host,
                                         .user_agent = http->user_agent,
                                         .verify = http->verify},
                                .response = ret_response};
    http_head_init(&exchange.head, limits->header_max_bytes);
    err = normal.failed ? ERR_NOMEM
                        : perform(http, request, limits, &exchange, buf_str(&normal), ret_fault);
    http_head_done(&exchange.head);
    buf_done(&normal);
    return err;
}

void http_response_done(struct http_response *response) {
    free(response->headers);
    buf_done(&response->raw);
    buf_done(&response->body);
    *response = (struct http_response){0};
}

struct text http_response_header(const struct http_response *response, const char *name,
                                 size_t index) {
    for (size_t i = 0; i < response->header_count; i++)
        if (text_ieq(response->headers[i].name, text_of(name)) && index-- == 0)
            return response->headers[i].value;
    return text_make(NULL, 0);
}

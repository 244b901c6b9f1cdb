/* Many HTTP/2 requests at once: libcurl's multi interface over an epoll of ours, whose time limits
 * are finer than its own. Must not know when requests are due nor what answers mean. */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "probe/http_door.h"
#include "probe/http_engine.h"

enum { EVENTS_AT_ONCE = 128, MS_US = 1000, SECOND_US = 1000000, NO_DESCRIPTOR = -1 };

/* One request at a time. */
struct stream {
    struct streams *streams;
    CURL *curl;
    struct http_door door;
    uint64_t tag;
    int64_t bytes;
    struct stream *next; /* idle ones */
};

struct streams {
    const struct http_many_plan *plan;
    char **urls; /* in normal form */
    struct url url;
    CURLM *multi;
    int epoll;
    struct curl_slist *headers;
    struct stream *all, *idle;
    size_t running;
    int64_t timer_us; /* when libcurl wants to be called; INT64_MAX: not by time */
    http_many_done done;
    void *ctx;
};

/* --- what libcurl asks ------------------------------------------------------------------------ */

/* A descriptor that is registered already has a pointer that says so: itself. */
static int watch_socket(CURL *curl, curl_socket_t fd, int what, void *ctx, void *known) {
    struct streams *streams = ctx;
    struct epoll_event event = {.data.fd = fd};
    (void)curl;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(streams->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        event.events |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        event.events |= EPOLLOUT;
    if (epoll_ctl(streams->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0 &&
        epoll_ctl(streams->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0)
        return -1; /* also with a number that was closed and is another's now */
    curl_multi_assign(streams->multi, fd, streams);
    return 0;
}

static int set_timer(CURLM *multi, long ms, void *ctx) {
    struct streams *streams = ctx;
    (void)multi;
    streams->timer_us = ms < 0 ? INT64_MAX : time_mono_us() + ms * MS_US;
    return 0;
}

static size_t count_body(char *bytes, size_t size, size_t count, void *ctx) {
    struct stream *stream = ctx;
    (void)bytes;
    stream->bytes += (int64_t)(size * count);
    return (uint64_t)stream->bytes > stream->streams->plan->limits->body_max_bytes ? 0
                                                                                   : size * count;
}

/* --- one request ------------------------------------------------------------------------------ */

static int64_t service_us(CURL *curl) {
    curl_off_t sent = 0, whole = 0;
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &sent);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &whole);
    return sent > 0 && whole > sent ? (int64_t)(whole - sent) : 0;
}

static void tell(struct streams *streams, struct stream *stream, CURLcode code) {
    long status = 0, version = 0;
    curl_off_t wait_s = 0;
    enum err err = stream->door.refused ? ERR_REFUSED : http_door_err((int)code);
    curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(stream->curl, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(stream->curl, CURLINFO_RETRY_AFTER, &wait_s);
    struct http_many_answer answer = {
        .tag = stream->tag,
        .err = err,
        .status = (int)status,
        .version = version == CURL_HTTP_VERSION_2_0 ? 20 : 11,
        .service_us = service_us(stream->curl),
        .retry_after_s = wait_s > 0 ? wait_s : 0,
        .bytes = stream->bytes,
        .why = stream->door.refused ? stream->door.fault.text : http_door_words((int)code),
    };
    curl_multi_remove_handle(streams->multi, stream->curl);
    stream->next = streams->idle;
    streams->idle = stream;
    streams->running--;
    streams->done(streams->ctx, &answer);
}

static void tell_ended(struct streams *streams) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(streams->multi, &left)) != NULL) {
        struct stream *stream = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&stream);
        tell(streams, stream, code);
    }
}

static bool streams_start(void *self, uint64_t tag, size_t which) {
    struct streams *streams = self;
    struct stream *stream = streams->idle;
    if (!stream)
        return false;
    stream->tag = tag;
    stream->bytes = 0;
    stream->door.refused = false;
    if (curl_easy_setopt(stream->curl, CURLOPT_URL, streams->urls[which]) != CURLE_OK ||
        curl_multi_add_handle(streams->multi, stream->curl) != CURLM_OK)
        return false;
    streams->idle = stream->next;
    streams->running++;
    return true;
}

static size_t streams_running(const void *self) {
    const struct streams *streams = self;
    return streams->running;
}

static int events_of(uint32_t events) {
    return ((events & EPOLLIN) ? CURL_CSELECT_IN : 0) |
           ((events & EPOLLOUT) ? CURL_CSELECT_OUT : 0) |
           ((events & (EPOLLERR | EPOLLHUP)) ? CURL_CSELECT_ERR : 0);
}

static void streams_step(void *self, int64_t until_us, http_many_done done, void *ctx) {
    struct streams *streams = self;
    struct epoll_event events[EVENTS_AT_ONCE];
    int running;
    int64_t wake_us = until_us < streams->timer_us ? until_us : streams->timer_us;
    int64_t left = wake_us - time_mono_us();
    left = left < 0 ? 0 : left;
    struct timespec wait = {left / SECOND_US, left % SECOND_US * 1000};
    int count = epoll_pwait2(streams->epoll, events, EVENTS_AT_ONCE, &wait, NULL);
    streams->done = done;
    streams->ctx = ctx;
    for (int i = 0; i < count; i++)
        curl_multi_socket_action(streams->multi, events[i].data.fd, events_of(events[i].events),
                                 &running);
    if (time_mono_us() >= streams->timer_us) {
        streams->timer_us = INT64_MAX;
        curl_multi_socket_action(streams->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    tell_ended(streams);
}

/* --- making and freeing ------------------------------------------------------------------------
 */

static enum err fit(struct streams *streams, struct stream *stream) {
    const struct http_many_plan *plan = streams->plan;
    stream->streams = streams;
    stream->door = (struct http_door){
        .gate = plan->gate, .host = streams->url.host, .user_agent = plan->user_agent};
    CURL *curl = stream->curl = curl_easy_init();
    if (!curl)
        return ERR_NOMEM;
    http_door_fit(curl, &stream->door);
    http_door_version(curl, HTTP_2);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, stream);
    curl_easy_setopt(curl, CURLOPT_PIPEWAIT, 1L); /* for a stream of the connection that is made */
    curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, -1L); /* one answer for the whole run */
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, NULL);  /* nothing is decoded */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, streams->headers);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)plan->limits->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)plan->limits->total_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, count_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, stream);
    return ERR_OK;
}

static enum err put_url(struct text text, struct url *url, char **ret_normal, struct fault *fault) {
    struct buf buf;
    enum err err = url_parse(text, url, fault);
    if (err != ERR_OK)
        return err;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    url_put(url, &buf);
    *ret_normal = buf.failed ? NULL : text_dup(buf_text(&buf));
    buf_done(&buf);
    return *ret_normal ? ERR_OK : ERR_NOMEM;
}

static enum err fill(struct streams *streams, struct fault *fault) {
    const struct http_many_plan *plan = streams->plan;
    enum err err = ERR_OK;
    streams->urls = calloc(plan->url_count, sizeof(*streams->urls));
    streams->all = calloc(plan->slots, sizeof(*streams->all));
    streams->headers = curl_slist_append(NULL, "Accept-Encoding: " HTTP_ENGINE_CODINGS);
    streams->multi = curl_multi_init();
    if (!streams->urls || !streams->all || !streams->headers || !streams->multi)
        return ERR_NOMEM;
    for (size_t i = plan->url_count; err == ERR_OK && i-- > 0;)
        err = put_url(plan->urls[i], &streams->url, &streams->urls[i], fault);
    for (size_t i = 0; err == ERR_OK && i < plan->slots; i++) {
        err = fit(streams, &streams->all[i]);
        streams->all[i].next = streams->idle;
        streams->idle = &streams->all[i];
    }
    streams->epoll = epoll_create1(EPOLL_CLOEXEC);
    curl_multi_setopt(streams->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(streams->multi, CURLMOPT_SOCKETDATA, streams);
    curl_multi_setopt(streams->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(streams->multi, CURLMOPT_TIMERDATA, streams);
    return err == ERR_OK && streams->epoll < 0 ? ERR_IO : err;
}

static void streams_free(void *self) {
    struct streams *streams = self;
    for (size_t i = 0; streams->all && i < streams->plan->slots; i++) {
        if (!streams->all[i].curl)
            continue;
        curl_multi_remove_handle(streams->multi, streams->all[i].curl);
        curl_easy_cleanup(streams->all[i].curl);
    }
    if (streams->multi)
        curl_multi_cleanup(streams->multi);
    if (streams->epoll >= 0)
        close(streams->epoll);
    for (size_t i = 0; streams->urls && i < streams->plan->url_count; i++)
        free(streams->urls[i]);
    curl_slist_free_all(streams->headers);
    free(streams->urls);
    free(streams->all);
    free(streams);
}

static enum err streams_new(const struct http_many_plan *plan, void **ret_self,
                            struct fault *ret_fault) {
    http_door_library();
    struct streams *streams = calloc(1, sizeof(*streams));
    if (!streams)
        return ERR_NOMEM;
    streams->plan = plan;
    streams->epoll = NO_DESCRIPTOR;
    streams->timer_us = INT64_MAX;
    enum err err = fill(streams, ret_fault);
    if (err == ERR_OK)
        *ret_self = streams;
    else
        streams_free(streams);
    return err;
}

const struct http_engine HTTP_STREAMS = {streams_new, streams_free, streams_start, streams_running,
                                         streams_step};

/* Many requests at once over libcurl's multi interface, epoll and a timer of microseconds. Must
 * not know when requests are due nor what answers mean. */
#include "agnostic/probe/http_many.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "probe/http_door.h"

enum {
    EVENTS_AT_ONCE = 128,
    NAME_KEPT_S = 60, /* each address still passes the gate at each connection */
    NEVER = -1,
    SECOND_US = 1000000
};

struct slot {
    CURL *curl;
    struct http_door door;
    uint64_t tag;
    size_t room; /* bytes of body that may still come */
};

struct http_many {
    struct url url; /* points into text */
    char *text;
    struct buf normal;
    char *user_agent;
    const struct gate *gate;
    const struct http_limits *limits;
    CURLM *multi;
    int epoll, timer;
    int64_t curl_due_us; /* when libcurl wants to be called; NEVER */
    struct slot *slots, **idle;
    size_t slot_count, idle_count;
};

/* --- what libcurl asks -------------------------------------------------------------------- */

static int watch_socket(CURL *curl, curl_socket_t fd, int what, void *ctx, void *known) {
    struct http_many *many = ctx;
    struct epoll_event event = {.data.fd = fd};
    (void)curl;
    if (what == CURL_POLL_REMOVE)
        return epoll_ctl(many->epoll, EPOLL_CTL_DEL, fd, NULL) < 0 && errno != ENOENT &&
                       errno != EBADF
                   ? -1
                   : 0;
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (epoll_ctl(many->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) < 0)
        return -1;
    curl_multi_assign(many->multi, fd, many);
    return 0;
}

static int set_alarm(CURLM *multi, long timeout_ms, void *ctx) {
    struct http_many *many = ctx;
    (void)multi;
    many->curl_due_us = timeout_ms < 0 ? NEVER : time_mono_us() + timeout_ms * 1000;
    return 0;
}

static size_t throw_away(char *bytes, size_t size, size_t count, void *ctx) {
    struct slot *slot = ctx;
    (void)bytes;
    if (size * count > slot->room)
        return 0;
    slot->room -= size * count;
    return size * count;
}

/* --- making and freeing ------------------------------------------------------------------- */

static bool open_slot(struct http_many *many, struct slot *slot) {
    CURL *curl = slot->curl = curl_easy_init();
    if (!curl)
        return false;
    slot->door = (struct http_door){
        .gate = many->gate, .host = many->url.host, .user_agent = many->user_agent};
    http_door_fit(curl, &slot->door);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)many->limits->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)many->limits->total_ms);
    curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, (long)NAME_KEPT_S);
    curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, throw_away);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, slot);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, slot);
    return curl_easy_setopt(curl, CURLOPT_URL, buf_str(&many->normal)) == CURLE_OK;
}

static enum err open_multi(struct http_many *many) {
    struct epoll_event event = {.events = EPOLLIN};
    many->multi = curl_multi_init();
    if (!many->multi)
        return ERR_NOMEM;
    curl_multi_setopt(many->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(many->multi, CURLMOPT_SOCKETDATA, many);
    curl_multi_setopt(many->multi, CURLMOPT_TIMERFUNCTION, set_alarm);
    curl_multi_setopt(many->multi, CURLMOPT_TIMERDATA, many);
    curl_multi_setopt(many->multi, CURLMOPT_MAXCONNECTS, (long)many->slot_count);
    many->epoll = epoll_create1(EPOLL_CLOEXEC);
    many->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    event.data.fd = many->timer;
    if (many->epoll < 0 || many->timer < 0 ||
        epoll_ctl(many->epoll, EPOLL_CTL_ADD, many->timer, &event) < 0)
        return ERR_IO;
    return ERR_OK;
}

static enum err fill(struct http_many *many, const char *user_agent, struct text url,
                     struct fault *fault) {
    many->text = text_dup(url);
    many->user_agent = text_dup(text_of(user_agent));
    many->slots = calloc(many->slot_count, sizeof(*many->slots));
    many->idle = calloc(many->slot_count, sizeof(struct slot *));
    if (!many->text || !many->user_agent || !many->slots || !many->idle)
        return ERR_NOMEM;
    enum err err = url_parse(text_of(many->text), &many->url, fault);
    if (err != ERR_OK)
        return err;
    url_put(&many->url, &many->normal);
    for (size_t i = many->slot_count; i > 0; i--)
        many->idle[many->idle_count++] = &many->slots[i - 1];
    return many->normal.failed ? ERR_NOMEM : open_multi(many);
}

enum err http_many_new(const struct gate *gate, const char *user_agent, struct text url,
                       size_t slots, const struct http_limits *limits, struct http_many **ret_many,
                       struct fault *ret_fault) {
    http_door_library();
    struct http_many *many = calloc(1, sizeof(*many));
    if (!many)
        return ERR_NOMEM;
    many->gate = gate;
    many->limits = limits;
    many->slot_count = slots;
    many->epoll = many->timer = -1;
    many->curl_due_us = NEVER;
    buf_init(&many->normal, 2 * URL_MAX_BYTES);
    enum err err = fill(many, user_agent, url, ret_fault);
    if (err == ERR_OK)
        *ret_many = many;
    else
        http_many_free(many);
    return err;
}

void http_many_free(struct http_many *many) {
    if (!many)
        return;
    for (size_t i = 0; many->slots && i < many->slot_count; i++)
        if (many->slots[i].curl) {
            curl_multi_remove_handle(many->multi, many->slots[i].curl);
            curl_easy_cleanup(many->slots[i].curl);
        }
    if (many->multi)
        curl_multi_cleanup(many->multi);
    if (many->epoll >= 0)
        close(many->epoll);
    if (many->timer >= 0)
        close(many->timer);
    buf_done(&many->normal);
    free(many->text);
    free(many->user_agent);
    free(many->slots);
    free(many->idle);
    free(many);
}

/* --- requests ----------------------------------------------------------------------------- */

bool http_many_start(struct http_many *many, uint64_t tag) {
    if (many->idle_count == 0)
        return false;
    struct slot *slot = many->idle[many->idle_count - 1];
    if (!slot->curl && !open_slot(many, slot))
        return false;
    slot->tag = tag;
    slot->room = many->limits->body_max_bytes;
    slot->door.refused = false;
    if (curl_multi_add_handle(many->multi, slot->curl) != CURLM_OK)
        return false;
    many->idle_count--;
    return true;
}

size_t http_many_running(const struct http_many *many) {
    return many->slot_count - many->idle_count;
}

static struct http_many_answer read_answer(const struct http_many *many, const struct slot *slot,
                                           CURLcode code) {
    curl_off_t sent = 0, total = 0, wait_s = 0;
    long status = 0;
    curl_easy_getinfo(slot->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(slot->curl, CURLINFO_PRETRANSFER_TIME_T, &sent);
    curl_easy_getinfo(slot->curl, CURLINFO_TOTAL_TIME_T, &total);
    curl_easy_getinfo(slot->curl, CURLINFO_RETRY_AFTER, &wait_s);
    return (struct http_many_answer){
        .tag = slot->tag,
        .err = slot->door.refused ? ERR_REFUSED : http_door_err((int)code),
        .status = (int)status,
        .service_us = total > sent ? total - sent : 0,
        .retry_after_s = wait_s > 0 ? wait_s : 0,
        .bytes = (int64_t)(many->limits->body_max_bytes - slot->room),
        .why = slot->door.refused ? slot->door.fault.text : http_door_words((int)code),
    };
}

static void collect(struct http_many *many, http_many_done done, void *ctx) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(many->multi, &left)) != NULL) {
        struct slot *slot = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        struct http_many_answer answer = read_answer(many, slot, code);
        curl_multi_remove_handle(many->multi, slot->curl);
        many->idle[many->idle_count++] = slot;
        done(ctx, &answer);
    }
}

/* Sets the timer; false when the moment has come already. */
static bool set_timer(const struct http_many *many, int64_t until_us) {
    int64_t due =
        many->curl_due_us != NEVER && many->curl_due_us < until_us ? many->curl_due_us : until_us;
    struct itimerspec at = {.it_value = {due / SECOND_US, due % SECOND_US * 1000}};
    if (due <= time_mono_us())
        return false;
    return timerfd_settime(many->timer, TFD_TIMER_ABSTIME, &at, NULL) == 0;
}

static void serve_socket(const struct http_many *many, const struct epoll_event *event) {
    int running, what = (event->events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                        (event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                        (event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    uint64_t expired;
    if (event->data.fd != many->timer)
        curl_multi_socket_action(many->multi, event->data.fd, what, &running);
    else
        (void)!read(many->timer, &expired, sizeof(expired));
}

void http_many_step(struct http_many *many, int64_t until_us, http_many_done done, void *ctx) {
    struct epoll_event events[EVENTS_AT_ONCE];
    int running;
    int count = epoll_wait(many->epoll, events, EVENTS_AT_ONCE, set_timer(many, until_us) ? -1 : 0);
    for (int i = 0; i < count; i++)
        serve_socket(many, &events[i]);
    if (many->curl_due_us != NEVER && many->curl_due_us <= time_mono_us()) {
        many->curl_due_us = NEVER;
        curl_multi_socket_action(many->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    collect(many, done, ctx);
}

/* access_log: what is said about a request, and nothing else. Must not know handlers. */
#include "web/access_log.h"

#include <string.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"

static void access_log_copy(struct text t, char *dst, size_t size) {
    size_t len = t.len < size - 1 ? t.len : size - 1;
    if (len > 0)
        memcpy(dst, t.ptr, len);
    dst[len] = '\0';
}

void access_log_begin(struct access_log_entry *entry, const struct incoming *incoming) {
    struct text uri = incoming->header[INCOMING_URI], path = uri;
    (void)text_cut(&uri, '?', &path);
    entry->start_us = time_mono_us();
    access_log_copy(incoming->header[INCOMING_METHOD], entry->method, sizeof(entry->method));
    access_log_copy(incoming->header[INCOMING_REMOTE_ADDR], entry->remote, sizeof(entry->remote));
    access_log_copy(path, entry->path, sizeof(entry->path));
}

void access_log_end(const struct access_log_entry *entry, const struct route *route,
                    const struct reply *reply, const char *user, const char *why) {
    const struct log_field fields[] = {
        LOG_STR("method", entry->method),
        LOG_STR("route", route != NULL ? route->path : ""),
        LOG_STR("path", entry->path),
        LOG_INT("status", reply->status),
        LOG_INT("ms", (time_mono_us() - entry->start_us) / 1000),
        LOG_INT("bytes", (int64_t)reply->payload.len),
        LOG_STR("request_id", entry->request_id),
        LOG_STR("user", user),
        LOG_STR("remote", entry->remote),
        LOG_STR("error", reply->err != ERR_OK ? err_word(reply->err) : ""),
        LOG_STR("why", why),
    };
    size_t count = sizeof(fields) / sizeof(fields[0]);
    log_write(err_status(reply->err) >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "request", fields,
              why != NULL            ? count
              : reply->err != ERR_OK ? count - 1
                                     : count - 2);
}

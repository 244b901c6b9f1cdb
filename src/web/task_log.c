/* task_log: what a task's agents said, as text that may be read in parts: `curl -C -` follows it.
 * Must not know who writes it. */
#include <stdio.h>

#include "web/etag.h"
#include "web/handlers.h"
#include "web/range.h"

enum { LOG_RETRY_S = 2, LOG_TAG_SIZE = 32 };

#define LOG_TYPE "text/plain; charset=utf-8"
#define LOG_TAG "\"log-"

static void log_tag(int64_t size, char tag[static LOG_TAG_SIZE]) {
    snprintf(tag, LOG_TAG_SIZE, LOG_TAG "%lld\"", (long long)size);
}

/* A log only grows: the tag of a shorter one still stands for the same first bytes. */
static bool log_is_same(struct text if_range, int64_t size) {
    struct text start = TEXT(LOG_TAG);
    uint64_t n;
    if (if_range.len == 0)
        return true;
    if (!text_starts(if_range, start) || !text_ends(if_range, TEXT("\"")) ||
        if_range.len <= start.len)
        return false;
    struct text digits = text_make(if_range.ptr + start.len, if_range.len - start.len - 1);
    return text_u64(digits, (uint64_t)size, &n);
}

static const struct answer *log_beyond(struct call *call, int64_t size) {
    char field[48];
    snprintf(field, sizeof(field), "bytes */%lld", (long long)size);
    reply_field(call->reply, "Content-Range", text_of(field));
    if (call_task_lives(call))
        reply_field_int(call->reply, "Retry-After", LOG_RETRY_S);
    return reply_error(call->reply, ERR_RANGE);
}

static const struct answer *log_part(struct call *call, const char *id, struct range range,
                                     int64_t size, bool whole) {
    char field[80];
    enum err err = ERR_OK;
    if (size > 0)
        err = task_view_log(call->service->store, id, range.first, range.last, &call->reply->body);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    if (whole)
        return reply_written(call->reply, 200, LOG_TYPE);
    snprintf(field, sizeof(field), "bytes %lld-%lld/%lld", (long long)range.first,
             (long long)range.last, (long long)size);
    reply_field(call->reply, "Content-Range", text_of(field));
    return reply_written(call->reply, 206, LOG_TYPE);
}

/* What is longer than a log can be was not written by us. */
static enum err log_size(struct call *call, char id[static 101], int64_t *ret_size) {
    enum err err = call_sees_task(call);
    if (err == ERR_OK && !text_copy(call->id, id, 101))
        err = ERR_TASK_ID;
    if (err == ERR_OK)
        err = task_view_log_size(call->service->store, id, ret_size);
    return err == ERR_OK && *ret_size > TASK_STORE_LOG_MAX ? ERR_DAMAGED : err;
}

const struct answer *task_log(struct call *call) {
    const struct text *header = call->incoming->header;
    enum range_kind kind = RANGE_WHOLE;
    char id[101], tag[LOG_TAG_SIZE];
    int64_t size;
    enum err err = log_size(call, id, &size);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    struct range range = {0, size - 1};
    if (text_is(header[INCOMING_METHOD], "GET") && log_is_same(header[INCOMING_IF_RANGE], size))
        kind = range_read(header[INCOMING_RANGE], size, &range);
    log_tag(size, tag);
    reply_field(call->reply, "Accept-Ranges", TEXT("bytes"));
    if (kind == RANGE_BEYOND)
        return log_beyond(call, size);
    reply_field(call->reply, "ETag", text_of(tag));
    if (kind == RANGE_WHOLE && etag_matches(header[INCOMING_IF_NONE_MATCH], tag))
        return reply_not_modified(call->reply);
    return log_part(call, id, range, size, kind == RANGE_WHOLE);
}

/* redis_reply: the answers of Redis, seen through our own eyes. A struct redis_reply is a
 * redisReply; what it says is whatever Redis sent. */
#include <hiredis/hiredis.h>

#include "store/redis.h"

static const redisReply *inside(const struct redis_reply *reply) {
    return (const redisReply *)reply;
}

void redis_reply_free(struct redis_reply *reply) {
    if (reply != NULL) {
        freeReplyObject(reply);
    }
}

bool redis_text(const struct redis_reply *reply, struct text *ret_text) {
    const redisReply *r = inside(reply);
    if (r == NULL || (r->type != REDIS_REPLY_STRING && r->type != REDIS_REPLY_STATUS)) {
        return false;
    }
    *ret_text = text_make(r->str, r->len);
    return true;
}

bool redis_int(const struct redis_reply *reply, int64_t *ret_n) {
    struct text t;
    uint64_t n;
    if (reply != NULL && inside(reply)->type == REDIS_REPLY_INTEGER) {
        *ret_n = inside(reply)->integer;
        return true;
    }
    if (!redis_text(reply, &t) || !text_u64(t, INT64_MAX, &n)) {
        return false;
    }
    *ret_n = (int64_t)n;
    return true;
}

size_t redis_count(const struct redis_reply *reply) {
    return reply != NULL && inside(reply)->type == REDIS_REPLY_ARRAY ? inside(reply)->elements : 0;
}

const struct redis_reply *redis_at(const struct redis_reply *reply, size_t index) {
    return index < redis_count(reply) ? (const struct redis_reply *)inside(reply)->element[index]
                                      : NULL;
}

char *redis_dup(const struct redis_reply *reply) {
    struct text t;
    return redis_text(reply, &t) ? text_dup(t) : NULL;
}

/* Hands requests to the engine that speaks the version. */
#include "agnostic/probe/http_many.h"

#include <stdlib.h>

#include "probe/http_engine.h"

struct http_many {
    const struct http_engine *engine;
    void *self;
};

static enum err many_permit(const struct http_many_plan *plan, struct fault *fault) {
    enum err err = ERR_OK;
    struct url url;
    for (size_t i = 0; err == ERR_OK && i < plan->url_count; i++) {
        err = url_parse(plan->urls[i], &url, fault);
        if (err == ERR_OK)
            err = gate_enter(plan->gate, url.path, fault);
    }
    return err;
}

enum err http_many_new(const struct http_many_plan *plan, struct http_many **ret_many,
                       struct fault *ret_fault) {
    enum err err = many_permit(plan, ret_fault);
    if (err != ERR_OK)
        return err;
    struct http_many *many = calloc(1, sizeof(*many));
    if (!many)
        return ERR_NOMEM;
    many->engine = plan->version == HTTP_1 ? &HTTP_SOCKETS : &HTTP_STREAMS;
    err = many->engine->make(plan, &many->self, ret_fault);
    if (err == ERR_OK)
        *ret_many = many;
    else
        free(many);
    return err;
}

void http_many_free(struct http_many *many) {
    if (!many)
        return;
    many->engine->free(many->self);
    free(many);
}

bool http_many_start(struct http_many *many, uint64_t tag, size_t which) {
    return many->engine->start(many->self, tag, which);
}

size_t http_many_running(const struct http_many *many) {
    return many->engine->running(many->self);
}

void http_many_step(struct http_many *many, int64_t until_us, http_many_done done, void *ctx) {
    many->engine->step(many->self, until_us, done, ctx);
}

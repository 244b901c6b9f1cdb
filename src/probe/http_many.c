/* Hands requests to the engine that speaks the version. */
#include "agnostic/probe/http_many.h"

#include <stdlib.h>

#include "probe/http_engine.h"

struct http_many {
    const struct http_engine *engine;
    void *self;
};

enum err http_many_new(const struct http_many_plan *plan, struct http_many **ret_many,
                       struct fault *ret_fault) {
    struct http_many *many = calloc(1, sizeof(*many));
    if (!many)
        return ERR_NOMEM;
    many->engine = plan->version == HTTP_1 ? &HTTP_SOCKETS : &HTTP_STREAMS;
    enum err err = many->engine->make(plan, &many->self, ret_fault);
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

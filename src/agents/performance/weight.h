/* weight: what the tested page weighs: the bytes of it and of what it loads from its own origin,
 * and how they are sent. */
#ifndef AGENTS_PERFORMANCE_WEIGHT_H
#define AGENTS_PERFORMANCE_WEIGHT_H

#include "agnostic/probe/http.h"

enum {
    WEIGHT_RESOURCES_MAX = 20, /* more are counted, not asked for */
    WEIGHT_REDIRECTS_MAX = 5,
    WEIGHT_REQUESTS_MAX = WEIGHT_RESOURCES_MAX + WEIGHT_REDIRECTS_MAX
};

struct weight_part {
    char *url;
    int status;
    int64_t bytes;   /* as they were sent */
    int64_t decoded; /* what they mean, at most the limit of a body */
    bool is_text, is_compressed;
    bool may_be_kept; /* Cache-Control, Expires, ETag or Last-Modified say how long or how to ask */
};

struct weight {
    bool known;        /* there was an answer */
    size_t asked;      /* requests beyond the first */
    size_t redirects;  /* before the content; of this origin */
    bool is_elsewhere; /* a redirect leads to another origin: what comes then is not looked at */
    struct weight_part parts[1 + WEIGHT_RESOURCES_MAX]; /* the page itself first */
    size_t count;
    size_t foreign, not_asked; /* resources of other origins; beyond the bounds */
};

struct weight_plan {
    const struct gate *gate;
    enum http_version version;
    int64_t max_rps;
};

/* weight_weigh(plan, url, first, &weight): first is the answer of url; redirects of its own origin
 * are followed, what an HTML page loads (scripts, styles, images, frames) is asked for once each.
 * ERR_NOMEM. The caller frees with weight_done. */
enum err weight_weigh(const struct weight_plan *plan, struct text url,
                      const struct http_response *first, struct weight *ret_weight);
void weight_done(struct weight *weight);
/* weight_bytes(weight): of all parts, as they were sent. */
int64_t weight_bytes(const struct weight *weight);

#endif

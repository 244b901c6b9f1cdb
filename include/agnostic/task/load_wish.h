/* load_wish: what load a client asks of the performance agent. One form for the request, the task
 * an agent is given and the command line. */
#ifndef AGNOSTIC_TASK_LOAD_WISH_H
#define AGNOSTIC_TASK_LOAD_WISH_H

#include "agnostic/base/json.h"

enum {
    LOAD_WISH_RATE_MAX = 100000, /* requests a second */
    LOAD_WISH_DURATION_MAX_S = 3600,
    LOAD_WISH_MIX_MAX = 16, /* entries */
    LOAD_WISH_WEIGHT_MAX = 100
};

/* Whatever is 0 or NULL is left to the agent. Texts point into the document they come from. */
struct load_wish {
    int64_t rate;           /* requests a second */
    int64_t duration_s;     /* measured */
    struct text profile;    /* a word of LOAD_WISH_PROFILES */
    struct text http;       /* a word of LOAD_WISH_HTTP: which version is spoken */
    const struct json *mix; /* array of strings, see load_wish_entry */
};

/* NULL behind the last; the first is what an agent does by itself. */
extern const char *const LOAD_WISH_PROFILES[]; /* constant, saturation, spike */
extern const char *const LOAD_WISH_HTTP[];     /* auto, 1.1, 2 */

/* load_wish_entry(text, &weight, &path): "[WEIGHT ]/path[?query]" of the target's own origin;
 * weight 1..LOAD_WISH_WEIGHT_MAX is the share of the requests it gets, 1 when none is given. False
 * when it is none; path points into text. */
bool load_wish_entry(struct text text, int64_t *ret_weight, struct text *ret_path);
/* load_wish_is_given(wish): does it ask for anything? */
bool load_wish_is_given(const struct load_wish *wish);
/* load_wish_put(wish, prefix, out): what is given, as members prefix "rate" and so on. */
void load_wish_put(const struct load_wish *wish, const char *prefix, struct json_out *out);

#endif

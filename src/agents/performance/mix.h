/* mix: which URLs a load asks for, each with its share of the requests. */
#ifndef AGENTS_PERFORMANCE_MIX_H
#define AGENTS_PERFORMANCE_MIX_H

#include "agnostic/base/json.h"
#include "agnostic/base/url.h"
#include "agnostic/task/load_wish.h"

struct mix {
    size_t count;
    bool is_default; /* nobody named it */
    struct text url[LOAD_WISH_MIX_MAX];
    int64_t weight[LOAD_WISH_MIX_MAX];
    size_t cycle_length;  /* the sum of the weights over what they have in common */
    unsigned char *cycle; /* entries, each as often as its weight says, evenly spread */
};

/* mix_new(base, list, &mix, &fault): list is an array of entries (load_wish.h), paths of base's
 * origin; NULL: base alone. ERR_SYNTAX names the entry, ERR_NOMEM. The caller frees with
 * mix_free. */
enum err mix_new(const struct url *base, const struct json *list, struct mix **ret_mix,
                 struct fault *ret_fault);
void mix_free(struct mix *mix);
/* mix_lead(mix, url): a default mix asks for url instead, which is copied. ERR_NOMEM: it is as
 * before. */
enum err mix_lead(struct mix *mix, const char *url);
/* mix_at(mix, arrival): the entry that arrival asks for, the same in every run. */
size_t mix_at(const struct mix *mix, int64_t arrival);

#endif

/* Spreads the entries over a cycle: the one that is furthest behind its share comes next (smooth
 * weighted round robin). Asks nobody. */
#include "agents/performance/mix.h"

#include <stdlib.h>
#include <string.h>

static int64_t mix_divisor(int64_t a, int64_t b) {
    return b == 0 ? a : mix_divisor(b, a % b);
}

static void mix_spread(struct mix *mix) {
    int64_t credit[LOAD_WISH_MIX_MAX] = {0};
    for (size_t i = 0; i < mix->cycle_length; i++) {
        size_t best = 0;
        for (size_t k = 0; k < mix->count; k++) {
            credit[k] += mix->weight[k];
            best = credit[k] > credit[best] ? k : best;
        }
        credit[best] -= (int64_t)mix->cycle_length;
        mix->cycle[i] = (unsigned char)best;
    }
}

static enum err mix_close(struct mix *mix) {
    int64_t common = 0, sum = 0;
    for (size_t i = 0; i < mix->count; i++)
        common = mix_divisor(mix->weight[i], common);
    for (size_t i = 0; i < mix->count; i++)
        sum += mix->weight[i] /= common;
    mix->cycle_length = (size_t)sum;
    mix->cycle = malloc(mix->cycle_length);
    if (mix->cycle == NULL)
        return ERR_NOMEM;
    mix_spread(mix);
    return ERR_OK;
}

/* path NULL: base as it is. */
static enum err mix_add(struct mix *mix, const struct url *base, const struct text *path,
                        int64_t weight) {
    struct buf buf;
    enum err err = ERR_OK;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    if (path != NULL)
        err = url_resolve(base, *path, &buf);
    else
        url_put(base, &buf);
    if (err == ERR_OK) {
        char *url = buf.failed ? NULL : text_dup(buf_text(&buf));
        mix->url[mix->count] = text_of(url);
        mix->weight[mix->count] = weight;
        mix->count += url != NULL;
        err = url != NULL ? ERR_OK : ERR_NOMEM;
    }
    buf_done(&buf);
    return err;
}

static enum err mix_fill(struct mix *mix, const struct url *base, const struct json *list,
                         struct fault *fault) {
    struct text entry, path;
    int64_t weight;
    size_t count = json_count(list);
    enum err err = count == 0 ? mix_add(mix, base, NULL, 1) : ERR_OK;
    mix->is_default = count == 0;
    if (count > LOAD_WISH_MIX_MAX)
        return fault_set(fault, ERR_SYNTAX, "The mix has more than %d entries", LOAD_WISH_MIX_MAX);
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        if (!json_text(json_at(list, i), &entry) || !load_wish_entry(entry, &weight, &path))
            return fault_set(fault, ERR_SYNTAX,
                             "Entry %zu of the mix is neither '/path' nor 'WEIGHT /path'", i + 1);
        err = mix_add(mix, base, &path, weight);
    }
    return err == ERR_OK ? mix_close(mix) : err;
}

enum err mix_new(const struct url *base, const struct json *list, struct mix **ret_mix,
                 struct fault *ret_fault) {
    struct mix *mix = calloc(1, sizeof(*mix));
    if (mix == NULL)
        return ERR_NOMEM;
    enum err err = mix_fill(mix, base, list, ret_fault);
    if (err == ERR_OK)
        *ret_mix = mix;
    else
        mix_free(mix);
    return err;
}

void mix_free(struct mix *mix) {
    if (mix == NULL)
        return;
    for (size_t i = 0; i < mix->count; i++)
        free((char *)mix->url[i].ptr);
    free(mix->cycle);
    free(mix);
}

enum err mix_lead(struct mix *mix, const char *url) {
    char *copy = text_dup(text_of(url));
    if (copy == NULL)
        return ERR_NOMEM;
    free((char *)mix->url[0].ptr);
    mix->url[0] = text_of(copy);
    return ERR_OK;
}

size_t mix_at(const struct mix *mix, int64_t arrival) {
    return mix->cycle[(size_t)(arrival % (int64_t)mix->cycle_length)];
}

/* Cuts a run in blocks and looks at their medians. Knows nothing of requests. */
#include "agents/performance/blocks.h"

#include <stdlib.h>

enum { BLOCKS_FOR_SLOPE = 5, BLOCKS_FOR_SLOPE_MAX = 600 };

struct block {
    size_t n;
    uint32_t p50, p95; /* us */
};

struct blocks {
    size_t count;
    struct block *block;
};

static int blocks_by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int blocks_by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nearest rank. */
static uint32_t blocks_rank(const uint32_t *sorted, size_t n, size_t percent) {
    return sorted[(n * percent + 99) / 100 - 1];
}

static struct block blocks_cut(const uint32_t *samples, size_t count, uint32_t *room) {
    struct block block = {0};
    for (size_t i = 0; i < count; i++)
        if (samples[i] != 0)
            room[block.n++] = samples[i];
    if (block.n == 0)
        return block;
    qsort(room, block.n, sizeof(*room), blocks_by_size);
    block.p50 = blocks_rank(room, block.n, 50);
    block.p95 = blocks_rank(room, block.n, 95);
    return block;
}

enum err blocks_new(const uint32_t *samples, size_t count, size_t rate,
                    struct blocks **ret_blocks) {
    struct blocks *blocks = calloc(1, sizeof(*blocks));
    uint32_t *room = malloc(rate * sizeof(*room));
    if (blocks != NULL)
        blocks->block = calloc(count / rate + 1, sizeof(*blocks->block));
    if (blocks == NULL || room == NULL || blocks->block == NULL) {
        free(room);
        blocks_free(blocks);
        return ERR_NOMEM;
    }
    for (; (blocks->count + 1) * rate <= count; blocks->count++)
        blocks->block[blocks->count] = blocks_cut(samples + blocks->count * rate, rate, room);
    free(room);
    *ret_blocks = blocks;
    return ERR_OK;
}

void blocks_free(struct blocks *blocks) {
    if (blocks == NULL)
        return;
    free(blocks->block);
    free(blocks);
}

size_t blocks_count(const struct blocks *blocks) {
    return blocks->count;
}

double blocks_drift_us(const struct blocks *blocks) {
    size_t n = blocks->count < BLOCKS_FOR_SLOPE_MAX ? blocks->count : BLOCKS_FOR_SLOPE_MAX;
    size_t count = 0;
    double *slopes = n < BLOCKS_FOR_SLOPE ? NULL : malloc(n * (n - 1) / 2 * sizeof(*slopes));
    if (slopes == NULL)
        return 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (blocks->block[i].n > 0 && blocks->block[k].n > 0)
                slopes[count++] =
                    ((double)blocks->block[k].p50 - (double)blocks->block[i].p50) / (double)(k - i);
    qsort(slopes, count, sizeof(*slopes), blocks_by_value);
    double slope = count == 0 ? 0 : slopes[count / 2];
    free(slopes);
    return slope * (double)(n - 1);
}

static void blocks_add(struct baseline_session *session, enum baseline_measure measure,
                       double value) {
    session->values[measure][session->count[measure]++] = value;
}

void blocks_series(const struct blocks *blocks, struct baseline_session *ret_session) {
    size_t kept = blocks->count < BASELINE_BLOCKS_MAX ? blocks->count : BASELINE_BLOCKS_MAX;
    *ret_session = (struct baseline_session){0};
    for (size_t i = 0; i < kept; i++) {
        const struct block *block = &blocks->block[i * blocks->count / kept];
        blocks_add(ret_session, BASELINE_RATE, (double)block->n);
        if (block->n == 0)
            continue;
        blocks_add(ret_session, BASELINE_P50, block->p50 / 1000.0);
        blocks_add(ret_session, BASELINE_P95, block->p95 / 1000.0);
    }
}

static void blocks_put_ms(struct json_out *out, const char *name, uint32_t us) {
    json_out_name(out, name);
    json_out_double(out, us / 1000.0);
}

void blocks_at(const struct blocks *blocks, size_t index, uint32_t *ret_p50_us,
               uint32_t *ret_p95_us) {
    *ret_p50_us = blocks->block[index].p50;
    *ret_p95_us = blocks->block[index].p95;
}

void blocks_put(const struct blocks *blocks, size_t most, struct json_out *out) {
    json_out_array(out);
    for (size_t i = 0; i < blocks->count && i < most; i++) {
        json_out_object(out);
        json_out_member_int(out, "n", (int64_t)blocks->block[i].n);
        blocks_put_ms(out, "p50_ms", blocks->block[i].p50);
        blocks_put_ms(out, "p95_ms", blocks->block[i].p95);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

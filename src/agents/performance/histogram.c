/* Counts in buckets that double in width: each holds 2048 steps, the lower half of which the
 * bucket before it has already. Knows nothing of where durations come from. */
#include "agents/performance/histogram.h"

#include <math.h>
#include <stdlib.h>

enum {
    STEPS = 2048, /* the power of two that keeps three digits apart */
    HALF = STEPS / 2,
    HALF_BITS = 10,
    BUCKETS = 16, /* STEPS << (BUCKETS - 1) is above HISTOGRAM_MAX_US */
    PLACES = (BUCKETS + 1) * HALF
};

struct histogram {
    int64_t count, max;
    int64_t counts[PLACES];
};

enum err histogram_new(struct histogram **ret_histogram) {
    struct histogram *histogram = calloc(1, sizeof(*histogram));
    if (histogram == NULL)
        return ERR_NOMEM;
    *ret_histogram = histogram;
    return ERR_OK;
}

void histogram_free(struct histogram *histogram) {
    free(histogram);
}

static size_t histogram_place(int64_t us) {
    int bucket = 63 - HALF_BITS - __builtin_clzll((uint64_t)us | (STEPS - 1));
    return ((size_t)bucket << HALF_BITS) + (size_t)(us >> bucket);
}

/* The bucket of a place, which is the number of bits its values lose. */
static int histogram_bucket(size_t place) {
    return place < STEPS ? 0 : (int)(place >> HALF_BITS) - 1;
}

static int64_t histogram_lowest(size_t place) {
    int bucket = histogram_bucket(place);
    return (int64_t)(place - ((size_t)bucket << HALF_BITS)) << bucket;
}

static int64_t histogram_highest(size_t place) {
    return histogram_lowest(place) + ((int64_t)1 << histogram_bucket(place)) - 1;
}

void histogram_record(struct histogram *histogram, int64_t us) {
    int64_t value = us < 1 ? 1 : us > HISTOGRAM_MAX_US ? HISTOGRAM_MAX_US : us;
    histogram->counts[histogram_place(value)]++;
    histogram->count++;
    if (value > histogram->max)
        histogram->max = value;
}

int64_t histogram_count(const struct histogram *histogram) {
    return histogram->count;
}

int64_t histogram_percentile(const struct histogram *histogram, double percent) {
    int64_t rank = (int64_t)ceil(percent / 100 * (double)histogram->count - 1e-9), seen = 0;
    if (rank < 1)
        rank = 1;
    for (size_t place = 0; place < PLACES; place++) {
        seen += histogram->counts[place];
        if (seen >= rank)
            return histogram_highest(place);
    }
    return 0;
}

int64_t histogram_max(const struct histogram *histogram) {
    return histogram->max == 0 ? 0 : histogram_highest(histogram_place(histogram->max));
}

/* What every value of a place is taken for: its middle. */
static double histogram_middle(size_t place) {
    return (double)(histogram_lowest(place) + histogram_highest(place)) / 2;
}

double histogram_mean(const struct histogram *histogram) {
    double sum = 0;
    for (size_t place = 0; place < PLACES; place++)
        sum += histogram_middle(place) * (double)histogram->counts[place];
    return histogram->count == 0 ? 0 : sum / (double)histogram->count;
}

double histogram_deviation(const struct histogram *histogram) {
    double mean = histogram_mean(histogram), sum = 0;
    for (size_t place = 0; place < PLACES; place++) {
        double away = histogram_middle(place) - mean;
        sum += away * away * (double)histogram->counts[place];
    }
    return histogram->count == 0 ? 0 : sqrt(sum / (double)histogram->count);
}

void histogram_put(const struct histogram *histogram, struct json_out *out) {
    json_out_object(out);
    json_out_member_int(out, "count", histogram->count);
    json_out_member_int(out, "max", histogram->max);
    json_out_name(out, "values");
    json_out_array(out);
    for (size_t place = 0; place < PLACES; place++) {
        if (histogram->counts[place] == 0)
            continue;
        json_out_array(out);
        json_out_int(out, histogram_lowest(place));
        json_out_int(out, histogram->counts[place]);
        json_out_end_array(out);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}

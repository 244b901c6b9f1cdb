/* histogram_percentiles RANK...: what the histogram says of the whole numbers on standard input, a
 * line a rank. For test_histogram.py. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/performance/histogram.h"

int main(int argc, char **argv) {
    struct histogram *histogram;
    int64_t value;
    if (histogram_new(&histogram) != ERR_OK)
        return 1;
    while (scanf("%" SCNd64, &value) == 1)
        histogram_record(histogram, value);
    for (int i = 1; i < argc; i++)
        printf("%" PRId64 "\n", histogram_percentile(histogram, strtod(argv[i], NULL)));
    histogram_free(histogram);
    return 0;
}

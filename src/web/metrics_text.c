/* metrics_text: names, labels and numbers as lines. Knows no metric. */
#include "web/metrics_text.h"

#include <string.h>

void metrics_family(struct buf *buf, const char *name, const char *type, const char *help) {
    buf_printf(buf, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metrics_labels(struct buf *buf, const char *labels) {
    if (labels[0] != '\0')
        buf_printf(buf, "{%s}", labels);
}

void metrics_sample(struct buf *buf, const char *name, const char *labels, int64_t n) {
    buf_puts(buf, name);
    metrics_labels(buf, labels);
    buf_printf(buf, " %lld\n", (long long)n);
}

void metrics_sample_s(struct buf *buf, const char *name, const char *labels, int64_t ms) {
    buf_puts(buf, name);
    metrics_labels(buf, labels);
    buf_printf(buf, " %lld.%03d\n", (long long)(ms / 1000), (int)(ms % 1000));
}

void metrics_histogram(struct buf *buf, const char *name, const char *labels,
                       const struct metrics_histogram *histogram) {
    const char *comma = labels[0] != '\0' ? "," : "";
    uint64_t count = 0;
    for (size_t i = 0; i < histogram->bound_count; i++) {
        count += histogram->counts[i];
        buf_printf(buf, "%s_bucket{%s%sle=\"%g\"} %llu\n", name, labels, comma,
                   (double)histogram->bounds_us[i] / 1e6, (unsigned long long)count);
    }
    count += histogram->counts[histogram->bound_count];
    buf_printf(buf, "%s_bucket{%s%sle=\"+Inf\"} %llu\n%s_sum", name, labels, comma,
               (unsigned long long)count, name);
    metrics_labels(buf, labels);
    buf_printf(buf, " %llu.%06u\n%s_count", (unsigned long long)(histogram->sum_us / 1000000),
               (unsigned)(histogram->sum_us % 1000000), name);
    metrics_labels(buf, labels);
    buf_printf(buf, " %llu\n", (unsigned long long)count);
}

bool metrics_is_label(const char *t) {
    return t[0] != '\0' && t[strspn(t, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

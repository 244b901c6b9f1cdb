/* A table of percentiles, then the other numbers. Knows no agent. */
#include "agents/report_metrics.h"

#include <stdio.h>

#include "agnostic/base/shown.h"

enum { NAME_WIDTH = 32, COLUMN_WIDTH = 9 };

/* What a family of metrics is told by: "<family>.p50_ms" and so on. */
static const char *const COLUMNS[] = {"p50",  "p75", "p90",  "p95",   "p99",
                                      "p999", "max", "mean", "stddev"};
enum { COLUMN_COUNT = sizeof(COLUMNS) / sizeof(COLUMNS[0]) };

static struct text metric_name(const struct json *metric) {
    struct text name = {NULL, 0};
    (void)json_text(json_get(metric, "name"), &name);
    return name;
}

/* Is it the family's number of that column? */
static bool metric_is(const struct json *metric, struct text family, const char *column) {
    struct text name = metric_name(metric);
    char end[16];
    int len = snprintf(end, sizeof(end), ".%s_ms", column);
    return name.len == family.len + (size_t)len && text_starts(name, family) &&
           text_ends(name, text_of(end));
}

/* "perf.latency" of "perf.latency.p50_ms"; ptr NULL: it begins no row. */
static struct text metric_family(const struct json *metric) {
    struct text name = metric_name(metric), end = TEXT(".p50_ms");
    return text_ends(name, end) ? text_head(name, name.len - end.len) : text_make(NULL, 0);
}

static const struct json *metric_find(struct json *const *metrics, size_t count, struct text family,
                                      const char *column) {
    for (size_t i = 0; i < count; i++)
        if (metric_is(metrics[i], family, column))
            return metrics[i];
    return NULL;
}

/* Does it stand in a row of the table? */
static bool metric_is_told(struct json *const *metrics, size_t count, const struct json *metric) {
    for (size_t i = 0; i < count; i++) {
        struct text family = metric_family(metrics[i]);
        for (size_t k = 0; family.ptr != NULL && k < COLUMN_COUNT; k++)
            if (metric_is(metric, family, COLUMNS[k]))
                return true;
    }
    return false;
}

static double metric_value(const struct json *metric) {
    double value = 0;
    (void)json_number(json_get(metric, "value"), &value);
    return value;
}

static long long metric_n(const struct json *metric) {
    int64_t n = 0;
    json_int(json_get(metric, "n"), 0, INT64_MAX, &n);
    return (long long)n;
}

static void put_head(struct buf *buf) {
    buf_printf(buf, "  %-20s", "milliseconds");
    for (size_t k = 0; k < COLUMN_COUNT; k++)
        buf_printf(buf, "%*s", COLUMN_WIDTH, COLUMNS[k]);
    buf_puts(buf, "        n\n");
}

static void put_row(struct json *const *metrics, size_t count, size_t first, struct buf *buf) {
    struct text family = metric_family(metrics[first]);
    buf_puts(buf, "  ");
    shown_put(buf, family);
    buf_printf(buf, "%*s", family.len < 20 ? 20 - (int)family.len : 1, "");
    for (size_t k = 0; k < COLUMN_COUNT; k++) {
        const struct json *metric = metric_find(metrics, count, family, COLUMNS[k]);
        if (metric != NULL)
            buf_printf(buf, "%*.3f", COLUMN_WIDTH, metric_value(metric));
        else
            buf_printf(buf, "%*s", COLUMN_WIDTH, "-");
    }
    buf_printf(buf, "%9lld\n", metric_n(metrics[first]));
}

static void put_single(const struct json *metric, struct buf *buf) {
    struct text name = metric_name(metric), unit = {NULL, 0};
    (void)json_text(json_get(metric, "unit"), &unit);
    buf_puts(buf, "  ");
    shown_put(buf, name);
    buf_printf(buf, "%*s%12.3f ", name.len < NAME_WIDTH ? NAME_WIDTH - (int)name.len : 1, "",
               metric_value(metric));
    shown_put(buf, unit);
    buf_printf(buf, "  (n = %lld)\n", metric_n(metric));
}

void report_metrics_put(struct json *const *metrics, size_t count, struct buf *buf) {
    bool headed = false;
    for (size_t i = 0; i < count; i++) {
        if (metric_family(metrics[i]).ptr == NULL)
            continue;
        if (!headed)
            put_head(buf);
        headed = true;
        put_row(metrics, count, i, buf);
    }
    if (headed)
        buf_putc(buf, '\n');
    for (size_t i = 0; i < count; i++)
        if (!metric_is_told(metrics, count, metrics[i]))
            put_single(metrics[i], buf);
    if (count > 0)
        buf_putc(buf, '\n');
}

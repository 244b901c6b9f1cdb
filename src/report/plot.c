/* Bars and lines. Coordinates are units of the view box; its width is the page's. */
#include "report/plot.h"

#include <stdio.h>

#include "report/escape.h"

enum {
    WIDTH = 640,
    ROW = 44, /* a label, and the bar below it; a phone has larger letters */
    LABEL_Y = 17,
    LABEL_POINTS = 40,
    BAR_Y = 22,
    BAR_HEIGHT = 16,
    VALUE_Y = 36,
    BAR = 520, /* the longest */
    PLOT_LEFT = 84,
    PLOT_RIGHT = WIDTH - 20,
    PLOT_TOP = 20,
    PLOT_HEIGHT = 160,
    PLOT_BOTTOM = PLOT_TOP + PLOT_HEIGHT,
    ROWS_MAX = 64,
    POINTS_MAX = 600
};

static void begin(struct buf *buf, int height, const char *title) {
    buf_printf(buf,
               "<figure><figcaption>%s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-label=\"%s\">\n",
               title, WIDTH, height, title);
}

static void end(struct buf *buf) {
    buf_puts(buf, "</svg></figure>\n");
}

static void put_label(struct buf *buf, int y, struct text label) {
    buf_printf(buf, "<text x=\"0\" y=\"%d\">", y + LABEL_Y);
    escape_markup(buf, text_head(label, LABEL_POINTS));
    buf_puts(buf, "</text>\n");
}

/* What one of so many is long, when all are as long as a bar. */
static double unit_of(size_t longest) {
    return longest > 0 ? (double)BAR / (double)longest : 0;
}

/* Pieces of a bar, side by side; counts of class kinds, each a unit long. note: behind their sum.
 */
static void put_bar(struct buf *buf, int y, const size_t *counts, const char *const *kinds,
                    size_t kind_count, double unit, const char *note) {
    double x = 0;
    size_t sum = 0;
    for (size_t i = 0; i < kind_count; i++) {
        double width = (double)counts[i] * unit;
        if (counts[i] > 0)
            buf_printf(buf,
                       "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">"
                       "<title>%zu %s</title></rect>\n",
                       kinds[i], x, y + BAR_Y, width, BAR_HEIGHT, counts[i], kinds[i]);
        x += width;
        sum += counts[i];
    }
    buf_printf(buf, "<text x=\"%.1f\" y=\"%d\">%zu%s</text>\n", x + 6, y + VALUE_Y, sum, note);
}

static void put_legend(struct buf *buf, const char *const *kinds, const char *const *words,
                       size_t count) {
    buf_puts(buf, "<p class=\"legend\">");
    for (size_t i = 0; i < count; i++)
        buf_printf(buf, "<span class=\"key %s\"></span>%s ", kinds[i], words[i]);
    buf_puts(buf, "</p>\n");
}

/* --- severities ------------------------------------------------------------------------------ */

static void count_severities(const struct view *view, const struct view_agent *agent,
                             size_t counts[SEVERITY__COUNT]) {
    for (size_t i = 0; i < view->finding_count; i++)
        if (view->findings[i].agent == agent)
            counts[view->findings[i].severity]++;
}

static void severity_words(const char *words[SEVERITY__COUNT]) {
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        words[severity] = severity_word((enum severity)severity);
}

static size_t sum_of(const size_t counts[SEVERITY__COUNT]) {
    size_t sum = 0;
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        sum += counts[severity];
    return sum;
}

void plot_severities(const struct view *view, struct buf *buf) {
    const char *words[SEVERITY__COUNT];
    size_t longest = 0, rows = view->agent_count;
    if (view->finding_count == 0)
        return;
    severity_words(words);
    for (size_t i = 0; i < rows; i++) {
        size_t counts[SEVERITY__COUNT] = {0};
        count_severities(view, &view->agents[i], counts);
        longest = sum_of(counts) > longest ? sum_of(counts) : longest;
    }
    begin(buf, (int)rows * ROW, "Findings by agent and severity");
    for (size_t i = 0; i < rows; i++) {
        size_t counts[SEVERITY__COUNT] = {0};
        count_severities(view, &view->agents[i], counts);
        put_label(buf, (int)i * ROW, view->agents[i].name);
        put_bar(buf, (int)i * ROW, counts, words, SEVERITY__COUNT, unit_of(longest), "");
    }
    end(buf);
    put_legend(buf, words, words, SEVERITY__COUNT);
}

/* --- earlier sessions ------------------------------------------------------------------------ */

static void put_past(struct buf *buf, int y, const struct past_session *one,
                     const char *const *words, double unit) {
    char label[64];
    snprintf(label, sizeof(label), "%s %s", one->when, verdict_word(one->verdict));
    put_label(buf, y, text_of(label));
    put_bar(buf, y, one->counts, words, SEVERITY__COUNT, unit, one->more ? "+" : "");
}

void plot_trend(const struct past *past, struct buf *buf) {
    const char *words[SEVERITY__COUNT];
    size_t longest = 0;
    if (past == NULL || past->count < 2)
        return;
    severity_words(words);
    for (size_t i = 0; i < past->count; i++) {
        size_t sum = sum_of(past->sessions[i].counts);
        longest = sum > longest ? sum : longest;
    }
    begin(buf, (int)past->count * ROW, "Findings of this session and earlier ones like it (UTC)");
    for (size_t i = past->count; i-- > 0;)
        put_past(buf, (int)(past->count - 1 - i) * ROW, &past->sessions[i], words,
                 unit_of(longest));
    end(buf);
    put_legend(buf, words, words, SEVERITY__COUNT);
}

static void put_value(struct buf *buf, int y, struct text label, double value, double longest) {
    double width = longest > 0 ? value * BAR / longest : 0;
    put_label(buf, y, label);
    buf_printf(buf,
               "<rect class=\"value\" x=\"0\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
               "<text x=\"%.1f\" y=\"%d\">%.4g</text>\n",
               y + BAR_Y, width, BAR_HEIGHT, width + 6, y + VALUE_Y, value);
}

void plot_trend_p95(const struct past *past, struct buf *buf) {
    double longest = 0;
    int rows = 0;
    for (size_t i = 0; past != NULL && i < past->count; i++) {
        double value = past->sessions[i].p95_ms;
        rows += value >= 0;
        longest = value > longest ? value : longest;
    }
    if (rows < 2)
        return;
    begin(buf, rows * ROW, "95th percentile of their response times in milliseconds");
    for (size_t i = past->count, row = 0; i-- > 0;)
        if (past->sessions[i].p95_ms >= 0)
            put_value(buf, (int)row++ * ROW, text_of(past->sessions[i].when),
                      past->sessions[i].p95_ms, longest);
    end(buf);
}

/* --- response times -------------------------------------------------------------------------- */

static bool metric(const struct view_agent *agent, const char *name, double *ret_value) {
    for (size_t i = 0; i < json_count(agent->metrics); i++) {
        const struct json *one = json_at(agent->metrics, i);
        struct text found;
        if (json_text(json_get(one, "name"), &found) && text_is(found, name) &&
            json_number(json_get(one, "value"), ret_value))
            return *ret_value >= 0;
    }
    return false;
}

void plot_percentiles(const struct view_agent *agent, struct buf *buf) {
    static const struct {
        const char *metric, *label;
    } ROWS[] = {{"perf.latency.p50_ms", "p50"}, {"perf.latency.p75_ms", "p75"},
                {"perf.latency.p90_ms", "p90"}, {"perf.latency.p95_ms", "p95"},
                {"perf.latency.p99_ms", "p99"}, {"perf.latency.p999_ms", "p99.9"},
                {"perf.latency.max_ms", "max"}};
    enum { COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };
    double values[COUNT], longest = 0;
    for (int i = 0; i < COUNT; i++) {
        if (!metric(agent, ROWS[i].metric, &values[i]))
            return;
        longest = values[i] > longest ? values[i] : longest;
    }
    begin(buf, COUNT * ROW, "Response times in milliseconds, from the moment a request was due");
    for (int i = 0; i < COUNT; i++)
        put_value(buf, i * ROW, text_of(ROWS[i].label), values[i], longest);
    end(buf);
}

/* One line through the values that `name` has in each block. */
static void put_line(struct buf *buf, const struct json *blocks, size_t count, const char *name,
                     double highest) {
    buf_printf(buf, "<polyline class=\"%s\" points=\"", name);
    for (size_t i = 0; i < count; i++) {
        double value = 0;
        if (!json_number(json_get(json_at(blocks, i), name), &value) || value < 0)
            continue;
        double x = count > 1 ? (double)i * (PLOT_RIGHT - PLOT_LEFT) / (double)(count - 1) : 0;
        buf_printf(buf, "%.1f,%.1f ", PLOT_LEFT + x,
                   PLOT_TOP + PLOT_HEIGHT * (1 - value / highest));
    }
    buf_puts(buf, "\"/>\n");
}

void plot_seconds(const struct view_agent *agent, struct buf *buf) {
    static const char *const KINDS[] = {"p50_ms", "p95_ms"}, *const WORDS[] = {"median", "p95"};
    const struct json *blocks = json_get(agent->data, "blocks");
    size_t count = json_count(blocks);
    double highest = 0;
    count = count < POINTS_MAX ? count : POINTS_MAX;
    for (size_t i = 0; i < count; i++) {
        double value = 0;
        if (json_number(json_get(json_at(blocks, i), "p95_ms"), &value) && value > highest)
            highest = value;
    }
    if (count < 2 || highest <= 0)
        return;
    begin(buf, PLOT_BOTTOM + 30, "Response times in milliseconds, each second of the load");
    buf_printf(buf,
               "<path class=\"axis\" d=\"M%d %d V%d H%d\"/>"
               "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>"
               "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>"
               "<text x=\"%d\" y=\"%d\">0 s</text>"
               "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%zu s</text>\n",
               PLOT_LEFT, PLOT_TOP, PLOT_BOTTOM, PLOT_RIGHT, PLOT_LEFT - 8, PLOT_TOP + 8, highest,
               PLOT_LEFT - 8, PLOT_BOTTOM, PLOT_LEFT, PLOT_BOTTOM + 22, PLOT_RIGHT,
               PLOT_BOTTOM + 22, count);
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        put_line(buf, blocks, count, KINDS[i], highest);
    end(buf);
    put_legend(buf, KINDS, WORDS, sizeof(KINDS) / sizeof(KINDS[0]));
}

/* --- requirements ---------------------------------------------------------------------------- */

void plot_requirements(const struct view_agent *agent, struct buf *buf) {
    static const char *const KINDS[] = {"pass", "fail", "not_tested", "not_testable_externally"};
    static const char *const WORDS[] = {"pass", "fail", "not tested", "not testable from outside"};
    enum { COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };
    const struct json *standards = json_get(agent->data, "standards");
    size_t rows = json_count(standards), longest = 0;
    size_t counts[ROWS_MAX][COUNT] = {{0}};
    rows = rows < ROWS_MAX ? rows : ROWS_MAX;
    for (size_t i = 0; i < rows; i++) {
        size_t sum = 0;
        for (int k = 0; k < COUNT; k++) {
            int64_t n = 0;
            (void)json_int(json_get(json_at(standards, i), KINDS[k]), 0, 100000, &n);
            counts[i][k] = (size_t)n;
            sum += (size_t)n;
        }
        longest = sum > longest ? sum : longest;
    }
    if (longest == 0)
        return;
    begin(buf, (int)rows * ROW, "Requirements by standard (external checks only; not an audit)");
    for (size_t i = 0; i < rows; i++) {
        struct text asked = {NULL, 0};
        (void)json_text(json_get(json_at(standards, i), "asked"), &asked);
        put_label(buf, (int)i * ROW, asked);
        put_bar(buf, (int)i * ROW, counts[i], KINDS, COUNT, unit_of(longest), "");
    }
    end(buf);
    put_legend(buf, KINDS, WORDS, COUNT);
}

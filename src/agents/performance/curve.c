/* Draws. Every word in the picture is ours: nothing of the target needs to be escaped. */
#include "agents/performance/curve.h"

#include <math.h>
#include <stdio.h>

enum {
    WIDTH = 720,
    LEFT = 64,
    RIGHT = 16,
    TOP = 40,
    HEIGHT = 220, /* of a plot */
    GAP = 76,     /* between the two */
    LINES = 4,    /* across a plot */
    POINTS = 160,
    NINES_MAX = 5 /* 99.999 % */
};

struct plot {
    int top;
    double highest_ms;
};

static double curve_y(const struct plot *plot, double ms) {
    double share = plot->highest_ms > 0 ? ms / plot->highest_ms : 0;
    return plot->top + HEIGHT * (1 - (share > 1 ? 1 : share));
}

static double curve_x(double share) {
    return LEFT + (WIDTH - LEFT - RIGHT) * share;
}

/* The next of 1, 2, 5, 10, ... times LINES at or above. */
static double curve_round(double ms) {
    static const double STEPS[] = {1, 2, 5, 10};
    double unit = ms > 0 ? pow(10, floor(log10(ms / LINES))) : 1;
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++)
        if (STEPS[i] * unit * LINES >= ms)
            return STEPS[i] * unit * LINES;
    return ms;
}

static void curve_put_frame(const struct plot *plot, const char *title, struct buf *buf) {
    buf_printf(buf, "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>\n", LEFT, plot->top - 14,
               title);
    for (int i = 0; i <= LINES; i++) {
        double ms = plot->highest_ms * i / LINES, y = curve_y(plot, ms);
        buf_printf(buf,
                   "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                   "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g ms</text>\n",
                   LEFT, y, WIDTH - RIGHT, y, LEFT - 6, y + 4, ms);
    }
}

static void curve_put_mark(const struct plot *plot, double share, const char *word,
                           struct buf *buf) {
    buf_printf(buf, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", curve_x(share),
               plot->top + HEIGHT + 16, word);
}

static void curve_put_key(int place, const char *name, const char *word, struct buf *buf) {
    int x = WIDTH - RIGHT - 110 * (2 - place);
    buf_printf(buf,
               "<polyline class=\"%s\" points=\"%d,%d %d,%d\"/>"
               "<text x=\"%d\" y=\"%d\">%s</text>\n",
               name, x, 18, x + 20, 18, x + 26, 22, word);
}

/* --- percentiles ------------------------------------------------------------------------------ */

/* As far to the right as there are values to tell from: 1000 of them show 99.9 %. */
static double curve_nines(const struct histogram *h) {
    double nines = log10((double)histogram_count(h));
    return nines < 1 ? 1 : nines > NINES_MAX ? NINES_MAX : nines;
}

static void curve_put_percentiles(const struct plot *plot, const struct histogram *h,
                                  const char *name, double nines, struct buf *buf) {
    buf_printf(buf, "<polyline class=\"%s\" points=\"", name);
    for (int i = 0; i <= POINTS; i++) {
        double percent = 100 * (1 - pow(10, -nines * i / POINTS));
        buf_printf(buf, "%.1f,%.1f ", curve_x((double)i / POINTS),
                   curve_y(plot, (double)histogram_percentile(h, percent) / 1000));
    }
    buf_puts(buf, "\"/>\n");
}

static void curve_put_first(const struct load *load, struct buf *buf) {
    static const char *const WORDS[] = {"0", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"};
    double nines = curve_nines(load->response);
    struct plot plot = {TOP, curve_round((double)histogram_max(load->response) / 1000)};
    curve_put_frame(&plot, "Response time by percentile", buf);
    for (int i = 0; i <= (int)nines; i++)
        curve_put_mark(&plot, i / nines, WORDS[i], buf);
    curve_put_mark(&plot, log10(2) / nines, "50 %", buf);
    curve_put_percentiles(&plot, load->service, "b", nines, buf);
    curve_put_percentiles(&plot, load->response, "a", nines, buf);
    curve_put_key(0, "a", "from due", buf);
    curve_put_key(1, "b", "from sent", buf);
}

/* --- seconds -----------------------------------------------------------------------------------
 */

static double curve_block_ms(const struct blocks *blocks, size_t i, bool is_median) {
    uint32_t p50, p95;
    blocks_at(blocks, i, &p50, &p95);
    return (is_median ? p50 : p95) / 1000.0;
}

static void curve_put_seconds(const struct plot *plot, const struct blocks *blocks, bool is_median,
                              struct buf *buf) {
    size_t count = blocks_count(blocks);
    buf_printf(buf, "<polyline class=\"%s\" points=\"", is_median ? "b" : "a");
    for (size_t i = 0; i < count; i++)
        buf_printf(buf, "%.1f,%.1f ", curve_x(((double)i + 0.5) / (double)count),
                   curve_y(plot, curve_block_ms(blocks, i, is_median)));
    buf_puts(buf, "\"/>\n");
}

static void curve_put_second(const struct blocks *blocks, struct buf *buf) {
    size_t count = blocks_count(blocks);
    double highest = 0;
    char last[32];
    for (size_t i = 0; i < count; i++)
        highest = fmax(highest, curve_block_ms(blocks, i, false));
    struct plot plot = {TOP + HEIGHT + GAP, curve_round(highest)};
    curve_put_frame(&plot, "95th percentile (strong) and median of each second", buf);
    curve_put_mark(&plot, 0, "0 s", buf);
    snprintf(last, sizeof(last), "%zu s", count);
    curve_put_mark(&plot, 1, last, buf);
    curve_put_seconds(&plot, blocks, true, buf);
    curve_put_seconds(&plot, blocks, false, buf);
}

void curve_put(const struct load *load, const struct blocks *blocks, struct buf *buf) {
    int height = blocks_count(blocks) > 1 ? TOP + 2 * HEIGHT + GAP + 32 : TOP + HEIGHT + 32;
    buf_printf(buf,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-label=\"Response times of a load\">\n"
               "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold}"
               "line{stroke:#ddd}polyline{fill:none;stroke-width:2}"
               ".a{stroke:#1a5fb4}.b{stroke:#9a9996}</style>\n"
               "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
               WIDTH, height, WIDTH, height);
    curve_put_first(load, buf);
    if (blocks_count(blocks) > 1)
        curve_put_second(blocks, buf);
    buf_puts(buf, "</svg>\n");
}

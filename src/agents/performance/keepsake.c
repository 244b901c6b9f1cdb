/* Three files of a load. Judges nothing. */
#include "agents/performance/keepsake.h"

#include <stdio.h>

#include "agents/artifact.h"
#include "agents/performance/curve.h"

enum { KEEPSAKE_MAX_BYTES = 1 << 20 };

static void keepsake_put_series(const struct perf_facts *facts, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "interval_s", 1);
    json_out_member_int(&out, "rate", facts->rate);
    json_out_name(&out, "blocks");
    blocks_put(facts->blocks, LOAD_WISH_DURATION_MAX_S, &out);
    json_out_end_object(&out);
}

static void keepsake_put_histograms(const struct perf_facts *facts, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "unit", "us");
    json_out_member_int(&out, "significant_digits", 3);
    json_out_name(&out, "response");
    histogram_put(facts->load->response, &out);
    json_out_name(&out, "service");
    histogram_put(facts->load->service, &out);
    json_out_end_object(&out);
}

static void keepsake_put_picture(const struct perf_facts *facts, struct buf *buf) {
    curve_put(facts->load, facts->blocks, buf);
}

void keepsake_leave(const struct agent *agent, const struct perf_facts *facts) {
    static const struct {
        const char *name, *media_type;
        void (*put)(const struct perf_facts *facts, struct buf *buf);
    } FILES[] = {{"series.json", "application/json", keepsake_put_series},
                 {"latency.hdr.json", "application/json", keepsake_put_histograms},
                 {"latency.svg", "image/svg+xml", keepsake_put_picture}};
    if (facts->load == NULL || histogram_count(facts->load->response) == 0)
        return;
    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
        struct buf bytes;
        buf_init(&bytes, KEEPSAKE_MAX_BYTES);
        FILES[i].put(facts, &bytes);
        if (!bytes.failed)
            artifact_put(agent, FILES[i].name, FILES[i].media_type, buf_text(&bytes));
        buf_done(&bytes);
    }
}

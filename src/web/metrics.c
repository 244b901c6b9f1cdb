/* metrics: which numbers are told under which names. Every one was counted where it happened:
 * nothing here is a worker's own view. */
#include "web/metrics.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "agnostic/store/fleet_store.h"
#include "agnostic/store/queue_store.h"
#include "web/handlers.h"
#include "web/metrics_text.h"

enum { METRICS_LIMIT_MS = 100, METRICS_MAX_BYTES = 1 << 20, METRICS_LABELS_SIZE = 160 };

/* --- requests ------------------------------------------------------------------------ */

static const int CODES[] = {200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 409, 410,
                            412, 413, 414, 415, 416, 422, 429, 431, 500, 501, 502, 503, 504};
enum { CODES_COUNT = sizeof(CODES) / sizeof(CODES[0]) };
_Static_assert((int)CODES_COUNT < (int)BOARD_CODES_MAX, "the last code is for all others");

/* The board's numbers of routes: the table's, and one more for paths that are none. */
static const char *metrics_path(size_t route) {
    return route < ROUTES_COUNT ? ROUTES[route].path : "";
}

struct board *metrics_board(const char *run_dir) {
    char identity[512] = AGNOSTIC_VERSION;
    uint32_t sum = 0;
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        sum = sum * 31 + secure_crc32(text_of(ROUTES[i].path)) + (uint32_t)ROUTES[i].method;
    snprintf(identity + strlen(identity), sizeof(identity) - strlen(identity), " %zu %08x %d",
             ROUTES_COUNT, sum, CODES_COUNT);
    return board_open(run_dir, identity);
}

void metrics_request(struct board *board, const struct route *route, int status, int64_t us) {
    size_t code = 0;
    while (code < CODES_COUNT && CODES[code] != status)
        code++;
    board_count(board, route != NULL ? (size_t)(route - ROUTES) : ROUTES_COUNT, code, us);
}

static void metrics_put_codes(struct buf *buf, const struct board *board) {
    static const char NAME[] = "agnostic_http_requests_total";
    char labels[METRICS_LABELS_SIZE], code_word[8] = "other";
    metrics_family(buf, NAME, "counter",
                   "Requests answered on this host, by route (empty: none) and status.");
    for (size_t route = 0; route <= ROUTES_COUNT; route++)
        for (size_t code = 0; code <= CODES_COUNT; code++) {
            uint64_t n = board_requests(board, route, code);
            if (code < CODES_COUNT)
                snprintf(code_word, sizeof(code_word), "%d", CODES[code]);
            else
                snprintf(code_word, sizeof(code_word), "other");
            snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\",code=\"%s\"",
                     route < ROUTES_COUNT ? router_method_word(ROUTES[route].method) : "",
                     metrics_path(route), code_word);
            if (n > 0)
                metrics_sample(buf, NAME, labels, (int64_t)n);
        }
}

static void metrics_put_spans(struct buf *buf, const struct board *board) {
    static const char NAME[] = "agnostic_http_request_duration_seconds";
    metrics_family(buf, NAME, "histogram", "From the request's arrival to its answer, by route.");
    for (size_t route = 0; route <= ROUTES_COUNT; route++) {
        uint64_t counts[BOARD_SPANS], all = 0;
        char labels[METRICS_LABELS_SIZE];
        for (size_t i = 0; i < BOARD_SPANS; i++)
            all += counts[i] = board_span(board, route, i);
        snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\"",
                 route < ROUTES_COUNT ? router_method_word(ROUTES[route].method) : "",
                 metrics_path(route));
        if (all > 0)
            metrics_histogram(buf, NAME, labels,
                              &(struct metrics_histogram){BOARD_SPANS_US, BOARD_SPANS - 1, counts,
                                                          board_span_us(board, route)});
    }
}

static void metrics_put_host(struct buf *buf, const struct board *board) {
    metrics_family(buf, "agnostic_http_counts_shared", "gauge",
                   "1: the counts of requests are this host's and outlive restarts "
                   "(AGNOSTIC_RUN_DIR can be written); 0: this supervisor's.");
    metrics_sample(buf, "agnostic_http_counts_shared", "", board_is_shared(board));
    metrics_family(buf, "agnostic_http_workers", "gauge", "Workers of the pool that answers.");
    metrics_sample(buf, "agnostic_http_workers", "", board_workers(board));
    metrics_family(buf, "agnostic_http_waiting", "gauge", "Workers that wait for news of a task.");
    metrics_sample(buf, "agnostic_http_waiting", "", board_waiting(board));
    metrics_put_codes(buf, board);
    metrics_put_spans(buf, board);
}

/* --- tasks --------------------------------------------------------------------------- */

/* Counters of q:stats. Rows of one family stand together; one with a label of its own begins with
 * the family's first. */
static const struct counter {
    const char *stat, *name, *labels, *help;
} COUNTERS[] = {
    {"submitted", "agnostic_tasks_submitted_total", "", "New tasks accepted."},
    {"joined", "agnostic_tasks_joined_total", "", "Submits that joined an equal live task."},
    {"replayed", "agnostic_tasks_replayed_total", "", "Submits answered by their Idempotency-Key."},
    {"claimed", "agnostic_claims_total", "", "Attempts begun."},
    {"completed", "agnostic_tasks_ended_total", "state=\"completed\"", "Tasks that ended."},
    {"failed", "agnostic_tasks_ended_total", "state=\"failed\"", NULL},
    {"cancelled", "agnostic_tasks_ended_total", "state=\"cancelled\"", NULL},
    {"retried", "agnostic_attempts_retried_total", "", "Attempts that failed and were put back."},
    {"handed_back", "agnostic_attempts_handed_back_total", "",
     "Attempts given back by a runner that stopped."},
    {"put_off", "agnostic_attempts_put_off_total", "",
     "Attempts put off because others had the target."},
    {"requeued", "agnostic_leases_lost_total", "", "Leases that ran out; the task was put back."},
    {"buried", "agnostic_tasks_poisoned_total", "", "Tasks whose runner was lost too often."},
    {"exhausted", "agnostic_tasks_exhausted_total", "", "Tasks out of attempts."},
    {"damaged", "agnostic_tasks_damaged_total", "", "Tasks whose stored request was gone."},
    {"expired", "agnostic_tasks_expired_total", "", "Tasks that waited too long for a start."},
    {"fenced", "agnostic_fenced_writes_total", "", "Writes of lost or cancelled attempts refused."},
};

static void metrics_put_counters(struct buf *buf, const struct queue_numbers *numbers) {
    for (size_t i = 0; i < sizeof(COUNTERS) / sizeof(COUNTERS[0]); i++) {
        const struct counter *row = &COUNTERS[i];
        if (row->help != NULL)
            metrics_family(buf, row->name, "counter", row->help);
        metrics_sample(buf, row->name, row->labels, queue_store_stat(numbers, row->stat));
    }
}

/* All counters whose names begin alike, by the rest of the name. */
static void metrics_put_kinds(struct buf *buf, const struct queue_numbers *numbers,
                              const char *prefix, const char *name, const char *label,
                              const char *help) {
    char labels[METRICS_LABELS_SIZE];
    size_t skip = strlen(prefix);
    metrics_family(buf, name, "counter", help);
    for (size_t i = 0; i < numbers->count; i++) {
        const struct queue_stat *stat = &numbers->stats[i];
        if (strncmp(stat->name, prefix, skip) != 0 || !metrics_is_label(stat->name + skip))
            continue;
        snprintf(labels, sizeof(labels), "%s=\"%s\"", label, stat->name + skip);
        metrics_sample(buf, name, labels, stat->n);
    }
}

static void metrics_put_times(struct buf *buf, const struct queue_numbers *numbers,
                              const char *what, const char *name, const char *help) {
    static const int64_t BOUNDS_S[] = QUEUE_STORE_BOUNDS_S;
    enum { BOUNDS = sizeof(BOUNDS_S) / sizeof(BOUNDS_S[0]) };
    int64_t bounds_us[BOUNDS];
    uint64_t counts[BOUNDS + 1];
    char stat[32];
    for (size_t i = 0; i < BOUNDS; i++) {
        snprintf(stat, sizeof(stat), "%s_le_%lld", what, (long long)BOUNDS_S[i]);
        bounds_us[i] = BOUNDS_S[i] * 1000000;
        counts[i] = (uint64_t)queue_store_stat(numbers, stat);
    }
    snprintf(stat, sizeof(stat), "%s_le_inf", what);
    counts[BOUNDS] = (uint64_t)queue_store_stat(numbers, stat);
    snprintf(stat, sizeof(stat), "%s_ms", what);
    metrics_family(buf, name, "histogram", help);
    metrics_histogram(
        buf, name, "",
        &(struct metrics_histogram){bounds_us, BOUNDS, counts,
                                    (uint64_t)queue_store_stat(numbers, stat) * 1000});
}

static void metrics_gauge(struct buf *buf, const char *name, const char *help, int64_t n) {
    metrics_family(buf, name, "gauge", help);
    metrics_sample(buf, name, "", n);
}

static void metrics_put_queue(struct buf *buf, const struct queue_numbers *numbers) {
    char labels[METRICS_LABELS_SIZE];
    metrics_family(buf, "agnostic_queue_depth", "gauge", "Tasks waiting to be claimed.");
    for (enum task_priority p = 0; p < TASK_PRIORITY__COUNT; p++) {
        snprintf(labels, sizeof(labels), "priority=\"%s\"", task_priority_word(p));
        metrics_sample(buf, "agnostic_queue_depth", labels, numbers->depth.ready[p]);
    }
    metrics_family(buf, "agnostic_queue_oldest_seconds", "gauge",
                   "Age of the task that is next in its list; 0: empty.");
    for (enum task_priority p = 0; p < TASK_PRIORITY__COUNT; p++) {
        snprintf(labels, sizeof(labels), "priority=\"%s\"", task_priority_word(p));
        metrics_sample_s(buf, "agnostic_queue_oldest_seconds", labels, numbers->oldest_ms[p]);
    }
    metrics_gauge(buf, "agnostic_queue_delayed", "Tasks waiting for another attempt.",
                  numbers->depth.delayed);
    metrics_gauge(buf, "agnostic_tasks_running", "Tasks leased to a runner.",
                  numbers->depth.leased);
    metrics_gauge(buf, "agnostic_queue_paused", "1: nothing is claimed.", numbers->switches.paused);
    metrics_gauge(buf, "agnostic_queue_draining", "1: nothing is accepted.",
                  numbers->switches.draining);
}

static void metrics_put_tasks(struct buf *buf, const struct queue_numbers *numbers) {
    metrics_put_queue(buf, numbers);
    metrics_put_counters(buf, numbers);
    metrics_put_kinds(buf, numbers, "mended_", "agnostic_mends_total", "kind",
                      "Inconsistencies found and mended.");
    metrics_put_kinds(buf, numbers, "webhook_", "agnostic_webhook_attempts_total", "result",
                      "Deliveries of callbacks tried.");
    metrics_put_times(buf, numbers, "wait", "agnostic_task_wait_seconds", "From ready to claimed.");
    metrics_put_times(buf, numbers, "run", "agnostic_task_run_seconds", "From claimed to ended.");
}

/* --- runners ------------------------------------------------------------------------- */

static void metrics_put_fleet(struct buf *buf, const struct fleet *fleet) {
    char labels[METRICS_LABELS_SIZE];
    metrics_gauge(buf, "agnostic_runners_alive", "Runners seen in the last 30 s.", fleet->runners);
    metrics_gauge(buf, "agnostic_slots", "Their slots.", fleet->slots);
    metrics_gauge(buf, "agnostic_slots_busy", "Those with a task in hand.", fleet->busy);
    metrics_family(buf, "agnostic_agents_alive", "gauge",
                   "1 when a live runner can run this agent.");
    for (enum role role = 0; role < ROLE__COUNT; role++) {
        snprintf(labels, sizeof(labels), "agent=\"%s\"", role_name(role));
        metrics_sample(buf, "agnostic_agents_alive", labels, (fleet->alive & ROLE_BIT(role)) != 0);
    }
}

/* With Redis away what this host knows is told all the same. */
const struct answer *metrics_show(struct call *call) {
    static struct queue_numbers numbers; /* one request at a time, and large */
    struct fleet fleet = {0};
    struct store *store = call->service->store;
    struct buf text;
    buf_init(&text, METRICS_MAX_BYTES);
    bool redis = queue_store_numbers(store, METRICS_LIMIT_MS, &numbers) == ERR_OK &&
                 fleet_store_read(store, METRICS_LIMIT_MS, &fleet) == ERR_OK;
    metrics_family(&text, "agnostic_build_info", "gauge", "Constant 1, labelled with the version.");
    metrics_sample(&text, "agnostic_build_info", "version=\"" AGNOSTIC_VERSION "\"", 1);
    metrics_gauge(&text, "agnostic_redis_up", "1 when Redis answered.", redis);
    if (redis) {
        metrics_put_tasks(&text, &numbers);
        metrics_put_fleet(&text, &fleet);
    }
    metrics_put_host(&text, call->service->board);
    const struct answer *answer =
        text.failed ? reply_error(call->reply, ERR_NOMEM)
                    : reply_text(call->reply, 200, METRICS_TEXT_TYPE, buf_text(&text));
    buf_done(&text);
    return answer;
}

/* ops: probes and metrics. Everything told here was asked of Redis just now: a worker's own
 * counters would be a random tenth of the truth. */
#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "agnostic/store/queue_store.h"
#include "web/handlers.h"

enum { OPS_HEALTH_LIMIT_MS = 100 };

/* --- /health --------------------------------------------------------------------------------- */

static const char *ops_agent_word(const struct fleet *fleet, enum role role) {
    if ((fleet->alive & ROLE_BIT(role)) != 0)
        return "alive";
    return (fleet->stale & ROLE_BIT(role)) != 0 ? "stale" : "offline";
}

static const char *ops_health_word(bool redis, const struct fleet *fleet) {
    if (!redis)
        return "unhealthy";
    return fleet->alive != 0 ? "healthy" : "degraded";
}

const struct answer *ops_health(struct call *call) {
    struct json_out *out = &call->reply->out;
    struct fleet fleet = {0};
    char now[TIME_ISO_SIZE];
    bool redis = fleet_store_read(call->service->store, OPS_HEALTH_LIMIT_MS, &fleet) == ERR_OK;
    time_iso_utc(time_wall_us(), now);
    json_out_object(out);
    json_out_member(out, "timestamp", now);
    json_out_member(out, "redis", redis ? "ok" : "error");
    json_out_name(out, "agents");
    json_out_object(out);
    for (enum role role = 0; role < ROLE__COUNT; role++)
        json_out_member(out, role_name(role), ops_agent_word(&fleet, role));
    json_out_end_object(out);
    json_out_member(out, "status", ops_health_word(redis, &fleet));
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}

/* --- /ready ---------------------------------------------------------------------------------- */

static void ops_check_runner(struct store *store, struct store_check *check) {
    struct fleet fleet = {0};
    *check = (struct store_check){.name = "runner"};
    if (fleet_store_read(store, OPS_HEALTH_LIMIT_MS, &fleet) != ERR_OK)
        (void)text_copy(TEXT("Redis did not answer"), check->why, sizeof(check->why));
    else if (fleet.runners == 0)
        (void)text_copy(TEXT("no agnostic-runner was seen in the last 30 s"), check->why,
                        sizeof(check->why));
    else
        check->ok = true;
}

/* Word per check first, as the original had them, then the reasons of those that have one. */
static bool ops_put_checks(struct json_out *out, const struct store_check *checks, size_t count) {
    bool ready = true;
    json_out_object(out);
    for (size_t i = 0; i < count; i++) {
        ready &= checks[i].ok;
        json_out_member(out, checks[i].name, checks[i].ok ? "ok" : "error");
    }
    json_out_member(out, "status", ready ? "ready" : "not_ready");
    json_out_name(out, "reasons");
    json_out_object(out);
    for (size_t i = 0; i < count; i++)
        if (checks[i].why[0] != '\0')
            json_out_member(out, checks[i].name, checks[i].why);
    json_out_end_object(out);
    json_out_end_object(out);
    return ready;
}

const struct answer *ops_ready(struct call *call) {
    struct store_check checks[STORE_CHECKS_MAX + 1];
    size_t count = 0;
    store_check(call->service->store, call->service->volatile_ok, checks, &count);
    ops_check_runner(call->service->store, &checks[count++]);
    bool ready = ops_put_checks(&call->reply->out, checks, count);
    if (!ready)
        reply_field_int(call->reply, "Retry-After", 5);
    return reply_json(call->reply, ready ? 200 : 503);
}

/* --- /api/metrics ---------------------------------------------------------------------------- */

static void ops_gauge(struct buf *buf, const char *name, const char *help) {
    buf_printf(buf, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void ops_put_queue(struct buf *buf, const struct queue_depth *depth) {
    ops_gauge(buf, "agnostic_queue_depth", "Tasks waiting to be claimed.");
    for (enum task_priority priority = 0; priority < TASK_PRIORITY__COUNT; priority++)
        buf_printf(buf, "agnostic_queue_depth{priority=\"%s\"} %lld\n",
                   task_priority_word(priority), (long long)depth->ready[priority]);
    ops_gauge(buf, "agnostic_queue_delayed", "Tasks waiting for another attempt.");
    buf_printf(buf, "agnostic_queue_delayed %lld\n", (long long)depth->delayed);
    ops_gauge(buf, "agnostic_tasks_running", "Tasks leased to a runner.");
    buf_printf(buf, "agnostic_tasks_running %lld\n", (long long)depth->leased);
}

static void ops_put_fleet(struct buf *buf, const struct fleet *fleet) {
    ops_gauge(buf, "agnostic_runners_alive", "Runners seen in the last 30 s.");
    buf_printf(buf, "agnostic_runners_alive %lld\n", (long long)fleet->runners);
    ops_gauge(buf, "agnostic_agents_alive", "1 when a live runner can run this agent.");
    for (enum role role = 0; role < ROLE__COUNT; role++)
        buf_printf(buf, "agnostic_agents_alive{agent=\"%s\"} %d\n", role_name(role),
                   (fleet->alive & ROLE_BIT(role)) != 0);
}

/* With Redis away only what is still known is told. */
const struct answer *ops_metrics(struct call *call) {
    struct queue_depth depth = {0};
    struct fleet fleet = {0};
    struct buf text;
    buf_init(&text, REPLY_HEAD_MAX);
    bool redis = queue_store_depth(call->service->store, &depth) == ERR_OK &&
                 fleet_store_read(call->service->store, OPS_HEALTH_LIMIT_MS, &fleet) == ERR_OK;
    ops_gauge(&text, "agnostic_build_info", "Constant 1, labelled with the version.");
    buf_puts(&text, "agnostic_build_info{version=\"" AGNOSTIC_VERSION "\"} 1\n");
    ops_gauge(&text, "agnostic_redis_up", "1 when Redis answered.");
    buf_printf(&text, "agnostic_redis_up %d\n", redis);
    if (redis) {
        ops_put_queue(&text, &depth);
        ops_put_fleet(&text, &fleet);
    }
    const struct answer *answer =
        reply_text(call->reply, 200, "text/plain; version=0.0.4; charset=utf-8", buf_text(&text));
    buf_done(&text);
    return answer;
}

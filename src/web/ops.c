/* ops: probes. Everything told here was asked of Redis just now. */
#include <inttypes.h>
#include <stdio.h>

#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
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
    json_out_name(out, "runners");
    json_out_object(out);
    json_out_member_int(out, "alive", fleet.runners);
    json_out_member_int(out, "slots", fleet.slots);
    json_out_member_int(out, "busy", fleet.busy);
    json_out_end_object(out);
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
    else {
        check->ok = true;
        snprintf(check->why, sizeof(check->why),
                 "alive %" PRId64 ", slots %" PRId64 ", of them busy %" PRId64, fleet.runners,
                 fleet.slots, fleet.busy);
    }
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

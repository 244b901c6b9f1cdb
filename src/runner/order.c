/* Writes the task line. The same target gives the same seed, so that attempts and sessions repeat
 * their choices. */
#include "runner/order.h"

#include <limits.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static const struct criteria_limits *limits_of(const struct order *order) {
    return order->criteria ? &order->criteria->limits : &CRITERIA_UNLIMITED;
}

/* Who tests a target alone loads it; without a load it asks single requests. */
static enum target_mode mode_of(const struct order *order, const struct manifest *manifest) {
    const struct criteria_limits *limits = limits_of(order);
    if (limits->passive || (limits->no_load && manifest->alone)) {
        return TARGET_PASSIVE;
    }
    bool active = order->target && order->target->grant.active && !limits->no_active;
    return active ? TARGET_ACTIVE : TARGET_SAFE;
}

/* The same in every session of a target, so that they can be compared. */
static int64_t seed_of(const struct order *order) {
    return secure_crc32(text_of(order->target ? order->target->full : order->task_id));
}

static void put_text(struct json_out *out, const char *name, struct text text) {
    json_out_name(out, name);
    if (text.ptr) {
        json_out_text(out, text);
    } else {
        json_out_null(out);
    }
}

static void put_request(const struct request *request, struct json_out *out) {
    put_text(out, "title", request->title);
    put_text(out, "description", request->description);
    json_out_member(out, "priority", task_priority_word(request->priority));
    json_out_name(out, "standards");
    if (json_kind(request->standards) == JSON_ARRAY) {
        json_out_value(out, request->standards);
    } else {
        json_out_array(out);
        json_out_end_array(out);
    }
    put_text(out, "business_goals", request->business_goals);
    put_text(out, "constraints", request->constraints);
}

static void put_load(const struct request *request, struct json_out *out) {
    json_out_name(out, "load");
    json_out_object(out);
    load_wish_put(&request->load, "", out);
    json_out_end_object(out);
}

static void put_limits(const struct order *order, const struct manifest *manifest,
                       int64_t deadline_us, struct json_out *out) {
    char iso[TIME_ISO_SIZE];
    time_rfc3339_ms(deadline_us, iso);
    json_out_object(out);
    json_out_member_int(out, "max_rps", least(order->max_rps, manifest->limits.max_rps));
    json_out_member_int(out, "max_requests", manifest->limits.max_requests);
    json_out_member(out, "deadline", iso);
    json_out_end_object(out);
}

/* Where the file of that name is, null: there is none. */
static void put_file(struct json_out *out, const char *member, const char *workdir,
                     const char *name, bool is_there) {
    struct buf path;
    buf_init(&path, PATH_MAX);
    buf_printf(&path, "%s/%s", workdir, name);
    json_out_member(out, member, is_there ? buf_str(&path) : NULL);
    buf_done(&path);
}

static void put_plan(const struct plan *plan, struct json_out *out) {
    json_out_array(out);
    for (size_t i = 0; plan && i < plan->count; i++) {
        json_out_object(out);
        json_out_member(out, "agent", plan->parts[i].name);
        json_out_member(out, "role", role_name(plan->parts[i].role));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

/* There may be credentials in a client's own checks: only who carries them out is told. */
static bool may_see_checks(const struct manifest *manifest) {
    return manifest->takes_role && manifest->role == ROLE_JUNIOR_QA;
}

static const struct criteria NO_CRITERIA;

void order_put(const struct order *order, const struct manifest *manifest, const char *workdir,
               int64_t deadline_us, struct buf *buf) {
    struct json_out writer, *out = &writer;
    json_out_init(out, buf);
    json_out_object(out);
    json_out_member_int(out, "v", 1);
    json_out_member(out, "type", "task");
    json_out_member(out, "agent", manifest->name);
    json_out_member(out, "session_id", order->session_id);
    json_out_member(out, "task_id", order->task_id);
    json_out_member_int(out, "attempt", order->attempt);
    put_request(order->request, out);
    put_load(order->request, out);
    if (order->request->checks && may_see_checks(manifest)) {
        json_out_name(out, "checks");
        json_out_value(out, order->request->checks);
    }
    json_out_member_bool(out, "external_links", order->request->external_links);
    json_out_name(out, "target");
    if (order->target) {
        target_put(order->target, out);
    } else {
        json_out_null(out);
    }
    json_out_name(out, "policy");
    target_put_policy(order->target, order->max_rps, mode_of(order, manifest), limits_of(order),
                      out);
    json_out_member(out, "mode", "safe");
    json_out_member_int(out, "seed", seed_of(order));
    json_out_name(out, "limits");
    put_limits(order, manifest, deadline_us, out);
    json_out_name(out, "agents");
    put_plan(order->plan, out);
    json_out_name(out, "criteria");
    criteria_put(order->criteria ? order->criteria : &NO_CRITERIA, NULL, 0, out);
    if (manifest->wants_history) {
        put_file(out, "history", workdir, ORDER_HISTORY, order->history != NULL);
    }
    if (manifest->wants_results) {
        put_file(out, "results", workdir, ORDER_RESULTS, order->results != NULL);
    }
    json_out_member(out, "workdir", workdir);
    json_out_end_object(out);
    buf_putc(buf, '\n');
}

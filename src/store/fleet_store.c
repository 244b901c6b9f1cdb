/* fleet_store: signs of life of runners and of the agents they can run. */
#include "agnostic/store/fleet_store.h"

#include <stdio.h>

#include "agnostic/base/json.h"
#include "agnostic/base/time.h"
#include "agnostic/store/keys.h"
#include "store/inside.h"
#include "store/script.h"

enum { STATUS_SIZE = 160 };

/* The original's record, as far as it has a meaning here. */
static void put_status(char dst[static STATUS_SIZE], const char *agent, const char *iso_now) {
    snprintf(dst, STATUS_SIZE,
             "{\"agent_name\":\"%s\",\"status\":\"online\",\"last_heartbeat\":\"%s\"}", agent,
             iso_now);
}

/* What a runner tells of itself, in this order wherever it travels. */
enum field { VERSION, HOST, PID, SLOTS, BUSY, STARTED_AT, CONTAINMENT, DRAINING, FIELDS };
static const char *const FIELD_NAMES[FIELDS] = {
    "version", "host", "pid", "slots", "busy", "started_at", "containment", "draining",
};

static void put_field(struct command *command, const struct fleet_runner *runner,
                      enum field field) {
    const char *const texts[FIELDS] = {[VERSION] = runner->version,
                                       [HOST] = runner->host,
                                       [STARTED_AT] = runner->started_at,
                                       [CONTAINMENT] = runner->containment};
    const int64_t numbers[FIELDS] = {[PID] = runner->pid,
                                     [SLOTS] = runner->slots,
                                     [BUSY] = runner->busy,
                                     [DRAINING] = runner->draining};
    command_str(command, FIELD_NAMES[field]);
    if (texts[field]) {
        command_str(command, texts[field]);
    } else {
        command_int(command, numbers[field]);
    }
}

enum err fleet_store_beat(struct store *store, const struct fleet_runner *runner, role_set roles,
                          const char *iso_now) {
    struct command command;
    script_begin(&command, &script_fleet_beat);
    command_str(&command, KEYS_RUNNERS);
    command_printf(&command, KEYS_RUNNER, runner->name);
    for (size_t i = 0; i < ROLE__COUNT; i++) {
        if (roles & ROLE_BIT(i)) {
            command_printf(&command, KEYS_AGENT_STATUS, role_name((enum role)i));
        }
    }
    script_argv(&command);
    command_str(&command, runner->name);
    command_int(&command, 2 * FIELDS);
    for (enum field field = 0; field < FIELDS; field++) {
        put_field(&command, runner, field);
    }
    for (size_t i = 0; i < ROLE__COUNT; i++) {
        if (roles & ROLE_BIT(i)) {
            char status[STATUS_SIZE];
            put_status(status, role_name((enum role)i), iso_now);
            command_printf(&command, "%s", status);
        }
    }
    return script_do(store->redis, &command, &script_fleet_beat);
}

enum err fleet_store_leave(struct store *store, const char *name) {
    struct command command;
    script_begin(&command, &script_fleet_leave);
    command_str(&command, KEYS_RUNNERS);
    command_printf(&command, KEYS_RUNNER, name);
    script_argv(&command);
    command_str(&command, name);
    return script_do(store->redis, &command, &script_fleet_leave);
}

/* --- all together -------------------------------------------------------------------- */

/* When an agent last gave a sign, by its status record (ours or the original's). */
static bool last_seen(const struct redis_reply *status, int64_t *ret_us) {
    struct text text, moment;
    struct json *root = NULL;
    bool seen = redis_text(status, &text) &&
                json_parse(text, &JSON_LIMITS_REQUEST, &root, NULL) == ERR_OK &&
                json_text(json_get(root, "last_heartbeat"), &moment) &&
                time_parse_iso(moment, ret_us);
    json_free(root);
    return seen;
}

/* What the fleet_read script gives, in order; then one status for each role. */
enum { READ_WORD, READ_NOW, READ_RUNNERS, READ_SLOTS, READ_BUSY, READ_NEWEST, READ_STATUS };

static enum err read_fleet(const struct redis_reply *reply, struct fleet *ret_fleet) {
    struct fleet fleet = {.last_beat_ago_ms = -1};
    int64_t now_ms, us;
    if (!redis_int(redis_at(reply, READ_NOW), &now_ms) ||
        !redis_int(redis_at(reply, READ_RUNNERS), &fleet.runners) ||
        !redis_int(redis_at(reply, READ_SLOTS), &fleet.slots) ||
        !redis_int(redis_at(reply, READ_BUSY), &fleet.busy) ||
        !redis_int(redis_at(reply, READ_NEWEST), &fleet.last_beat_ago_ms)) {
        return ERR_DAMAGED;
    }
    for (size_t i = 0; i < ROLE__COUNT; i++) {
        if (last_seen(redis_at(reply, READ_STATUS + i), &us)) {
            bool stale = now_ms - us / 1000 > FLEET_AGENT_STALE_S * 1000LL;
            *(stale ? &fleet.stale : &fleet.alive) |= ROLE_BIT(i);
        }
    }
    *ret_fleet = fleet;
    return ERR_OK;
}

enum err fleet_store_read(struct store *store, int64_t limit_ms, struct fleet *ret_fleet) {
    struct command command;
    struct redis_reply *reply = NULL;
    script_begin(&command, &script_fleet_read);
    command_str(&command, KEYS_RUNNERS);
    for (size_t i = 0; i < ROLE__COUNT; i++) {
        command_printf(&command, KEYS_AGENT_STATUS, role_name((enum role)i));
    }
    script_argv(&command);
    command_int(&command, FLEET_RUNNER_FRESH_MS);
    command_int(&command, FLEET_LIST_MAX);
    enum err err = script_run(store->redis, &command, &script_fleet_read, limit_ms, &reply);
    if (err == ERR_OK) {
        err = read_fleet(reply, ret_fleet);
    }
    redis_reply_free(reply);
    return err;
}

/* --- one by one ---------------------------------------------------------------------- */

/* A row of the fleet_list script: two columns of its own, then the fields. */
enum { ROW_NAME, ROW_BEAT_AGO, ROW_FIELDS };

static void take_text(const struct redis_reply *row, enum field field, char *dst, size_t size) {
    struct text t;
    if (redis_text(redis_at(row, ROW_FIELDS + field), &t)) {
        text_copy(t, dst, size);
    }
}

static int64_t take_int(const struct redis_reply *row, enum field field) {
    int64_t n;
    return redis_int(redis_at(row, ROW_FIELDS + field), &n) ? n : 0;
}

/* false when the row names nobody. */
static bool read_runner(const struct redis_reply *row, struct fleet_runner *ret_runner) {
    struct fleet_runner runner = {0};
    struct text name;
    if (!redis_text(redis_at(row, ROW_NAME), &name) ||
        !text_copy(name, runner.name, sizeof(runner.name)) ||
        !redis_int(redis_at(row, ROW_BEAT_AGO), &runner.beat_ago_ms)) {
        return false;
    }
    take_text(row, VERSION, runner.version, sizeof(runner.version));
    take_text(row, HOST, runner.host, sizeof(runner.host));
    take_text(row, STARTED_AT, runner.started_at, sizeof(runner.started_at));
    take_text(row, CONTAINMENT, runner.containment, sizeof(runner.containment));
    runner.pid = take_int(row, PID);
    runner.slots = take_int(row, SLOTS);
    runner.busy = take_int(row, BUSY);
    runner.draining = take_int(row, DRAINING) != 0;
    *ret_runner = runner;
    return true;
}

enum err fleet_store_list(struct store *store,
                          void (*visit)(void *ctx, const struct fleet_runner *runner), void *ctx) {
    struct command command;
    struct redis_reply *reply = NULL;
    struct fleet_runner runner;
    script_begin(&command, &script_fleet_list);
    command_str(&command, KEYS_RUNNERS);
    script_argv(&command);
    command_int(&command, FLEET_LIST_MAX);
    for (enum field field = 0; field < FIELDS; field++) {
        command_str(&command, FIELD_NAMES[field]);
    }
    enum err err = script_run(store->redis, &command, &script_fleet_list, 0, &reply);
    for (size_t i = 1; err == ERR_OK && i < redis_count(reply); i++) {
        if (read_runner(redis_at(reply, i), &runner)) {
            visit(ctx, &runner);
        }
    }
    redis_reply_free(reply);
    return err;
}

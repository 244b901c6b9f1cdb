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

enum err fleet_store_beat(struct store *store, const char *name, role_set roles,
                          const char *iso_now) {
    struct command command;
    script_begin(&command, &script_fleet_beat);
    command_str(&command, KEYS_RUNNERS);
    for (size_t i = 0; i < ROLE__COUNT; i++) {
        if (roles & ROLE_BIT(i)) {
            command_printf(&command, KEYS_AGENT_STATUS, role_name((enum role)i));
        }
    }
    script_argv(&command);
    command_str(&command, name);
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
    struct redis_reply *reply = NULL;
    command_init(&command, "ZREM");
    command_str(&command, KEYS_RUNNERS);
    command_str(&command, name);
    enum err err = redis_call(store->redis, &command, 0, &reply);
    redis_reply_free(reply);
    return err;
}

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
enum { READ_WORD, READ_NOW, READ_RUNNERS, READ_NEWEST, READ_STATUS };

static enum err read_fleet(const struct redis_reply *reply, struct fleet *ret_fleet) {
    struct fleet fleet = {.last_beat_ago_ms = -1};
    int64_t now_ms, us;
    if (!redis_int(redis_at(reply, READ_NOW), &now_ms) ||
        !redis_int(redis_at(reply, READ_RUNNERS), &fleet.runners) ||
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
    enum err err = script_run(store->redis, &command, &script_fleet_read, limit_ms, &reply);
    if (err == ERR_OK) {
        err = read_fleet(reply, ret_fleet);
    }
    redis_reply_free(reply);
    return err;
}

/* fleet_store: which runners and agents are alive. */
#ifndef AGNOSTIC_STORE_FLEET_STORE_H
#define AGNOSTIC_STORE_FLEET_STORE_H

#include "agnostic/store/store.h"
#include "agnostic/task/role.h"

enum { FLEET_RUNNER_FRESH_MS = 30000, FLEET_AGENT_STALE_S = 300 };

/* fleet_store_beat(store, name, roles, iso_now): `name` (a keeper) lives, and can run these
 * roles: writes q:runners and agent:<role>:status. Drops runners silent for a day. */
enum err fleet_store_beat(struct store *store, const char *name, role_set roles,
                          const char *iso_now);
/* fleet_store_leave(store, name). */
enum err fleet_store_leave(struct store *store, const char *name);

struct fleet {
    int64_t runners;          /* that beat within FLEET_RUNNER_FRESH_MS */
    int64_t last_beat_ago_ms; /* of the newest, -1: never any */
    role_set alive, stale;    /* agents; the others are offline */
};
/* fleet_store_read(store, limit_ms, &fleet): bounded by limit_ms in all. */
enum err fleet_store_read(struct store *store, int64_t limit_ms, struct fleet *ret_fleet);

#endif

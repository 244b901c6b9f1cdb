/* fleet_store: which runners and agents are alive. */
#ifndef AGNOSTIC_STORE_FLEET_STORE_H
#define AGNOSTIC_STORE_FLEET_STORE_H

#include "agnostic/base/time.h"
#include "agnostic/store/store.h"
#include "agnostic/task/role.h"

enum { FLEET_RUNNER_FRESH_MS = 30000, FLEET_AGENT_STALE_S = 300, FLEET_LIST_MAX = 1000 };

/* A runner as it says itself, runner:<name>. Texts that were never told are "". */
struct fleet_runner {
    char name[64]; /* host:pid:suffix, no other runner's */
    char version[32], host[64];
    int64_t pid;
    int64_t slots, busy;            /* busy: slots with a task in hand */
    char started_at[TIME_ISO_SIZE]; /* ISO 8601, by its own clock */
    char containment[24];           /* what ends its agents: cgroup, pid_namespace or subreaper */
    bool draining;                  /* takes nothing new and will leave */
    int64_t beat_ago_ms;            /* read only; by Redis' clock */
};

/* fleet_store_beat(store, runner, roles, iso_now): runner lives, and can run these roles: writes
 * q:runners, runner:<name> (for a day) and agent:<role>:status. Drops runners silent for a day. */
enum err fleet_store_beat(struct store *store, const struct fleet_runner *runner, role_set roles,
                          const char *iso_now);
/* fleet_store_leave(store, name). */
enum err fleet_store_leave(struct store *store, const char *name);

struct fleet {
    int64_t runners;          /* that beat within FLEET_RUNNER_FRESH_MS */
    int64_t slots, busy;      /* of these, together */
    int64_t last_beat_ago_ms; /* of the newest, -1: never any */
    role_set alive, stale;    /* agents; the others are offline */
};
/* fleet_store_read(store, limit_ms, &fleet): bounded by limit_ms in all. */
enum err fleet_store_read(struct store *store, int64_t limit_ms, struct fleet *ret_fleet);

/* fleet_store_list(store, visit, ctx): every runner that was seen within a day, the last seen
 * first, at most FLEET_LIST_MAX. */
enum err fleet_store_list(struct store *store,
                          void (*visit)(void *ctx, const struct fleet_runner *runner), void *ctx);

#endif

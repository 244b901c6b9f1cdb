/* doctor_store: Redis and what stands in it, as AGNOSTIC_REDIS_URL of this shell leads there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agnostic/store/fleet_store.h"
#include "ctl/doctor.h"

enum { FLEET_LIMIT_MS = 2000, ROLES_TEXT_SIZE = 160 };

/* The service seeing its Redis is what counts; that it cannot be reached from here is normal for
 * a client on another machine. */
static void tell_unreached(struct doctor *doctor, const char *why) {
    if (doctor->service_sees)
        doctor_note(doctor, "redis here",
                    "not reached with this shell's AGNOSTIC_REDIS_URL (%s); the service reaches "
                    "its own, so only runner and agents stay unseen",
                    why);
    else
        doctor_fail(doctor, "redis here",
                    "start Redis (deploy/redis has a configuration), or set AGNOSTIC_REDIS_URL to "
                    "what agnostic-api uses; check the permissions of its socket",
                    "Redis is not reached with this shell's AGNOSTIC_REDIS_URL: %s", why);
}

static void list_roles(role_set roles, char dst[static ROLES_TEXT_SIZE]) {
    size_t len = 0;
    dst[0] = '\0';
    for (enum role role = 0; role < ROLE__COUNT; role++) {
        if ((roles & ROLE_BIT(role)) == 0)
            continue;
        int added =
            snprintf(dst + len, ROLES_TEXT_SIZE - len, "%s%s", len ? ", " : "", role_name(role));
        len += added > 0 && (size_t)added < ROLES_TEXT_SIZE - len ? (size_t)added : 0;
    }
}

static void tell_agents(struct doctor *doctor, const struct fleet *fleet) {
    char alive[ROLES_TEXT_SIZE], missing[ROLES_TEXT_SIZE];
    role_set absent = ROLE_ALL & ~fleet->alive;
    list_roles(fleet->alive, alive);
    list_roles(absent, missing);
    if (fleet->alive != 0)
        doctor_ok(doctor, "agents", "can run: %s", alive);
    else
        doctor_fail(doctor, "agents",
                    "install the built-in agents beside agnostic-runner, or name folders of "
                    "manifests in AGNOSTIC_AGENTS_DIR and restart agnostic-runner",
                    "no live runner can run any agent");
    if (fleet->alive != 0 && absent != 0)
        doctor_note(doctor, "agents", "without: %s; tasks that choose them end INCOMPLETE",
                    missing);
}

/* --- what ends agents ------------------------------------------------------------------------ */

static const struct containment {
    const char *word, *says, *mend; /* mend NULL: nothing better is needed */
} CONTAINMENTS[] = {
    {"cgroup", "an agent's processes end with its cgroup", NULL},
    {"pid_namespace", "an agent's processes end with its PID namespace", NULL},
    {"subreaper", "what an agent leaves behind is looked for and killed",
     "the kernel would end it for certain: let the runner's user make user namespaces (sysctl "
     "user.max_user_namespaces), or delegate it a cgroup as deploy/systemd does"},
};
enum { CONTAINMENTS_COUNT = sizeof(CONTAINMENTS) / sizeof(CONTAINMENTS[0]) };

struct contained {
    int runners[CONTAINMENTS_COUNT];
};

static void count_contained(void *ctx, const struct fleet_runner *runner) {
    struct contained *contained = ctx;
    for (size_t i = 0; i < CONTAINMENTS_COUNT && runner->beat_ago_ms <= FLEET_RUNNER_FRESH_MS; i++)
        contained->runners[i] += strcmp(runner->containment, CONTAINMENTS[i].word) == 0;
}

static void tell_containment(struct doctor *doctor, struct store *store) {
    struct contained contained = {0};
    if (fleet_store_list(store, count_contained, &contained) != ERR_OK)
        return;
    for (size_t i = 0; i < CONTAINMENTS_COUNT; i++) {
        const struct containment *row = &CONTAINMENTS[i];
        if (contained.runners[i] > 0 && row->mend == NULL)
            doctor_ok(doctor, "containment", "%s (runners: %d)", row->says, contained.runners[i]);
        else if (contained.runners[i] > 0)
            doctor_note(doctor, "containment", "%s (runners: %d); %s", row->says,
                        contained.runners[i], row->mend);
    }
}

/* --- runners -----------------------------------------------------------------------------------
 */

static void tell_runner(struct doctor *doctor, const struct fleet *fleet, struct store *store) {
    static const char mend[] = "start agnostic-runner with the same AGNOSTIC_REDIS_URL; its log "
                               "says why when it does not stay. (Where cron runs it with --drain "
                               "none is there between two runs)";
    if (fleet->runners > 0) {
        doctor_ok(doctor, "runner", "%" PRId64 " alive, last seen %" PRId64 " ms ago",
                  fleet->runners, fleet->last_beat_ago_ms);
        tell_agents(doctor, fleet);
        tell_containment(doctor, store);
    } else if (fleet->last_beat_ago_ms >= 0) {
        doctor_fail(doctor, "runner", mend, "none alive; the last one was seen %" PRId64 " s ago",
                    fleet->last_beat_ago_ms / 1000);
    } else {
        doctor_fail(doctor, "runner", mend, "none was ever seen: accepted tasks wait");
    }
}

/* false when Redis itself is away. */
static bool tell_checks(struct doctor *doctor, struct store *store) {
    struct store_check checks[STORE_CHECKS_MAX];
    char where[STORE_WHERE_SIZE];
    size_t count = 0;
    bool volatile_ok = settings_int(doctor->settings, SETTINGS_REDIS_VOLATILE_OK) != 0;
    store_check(store, volatile_ok, checks, &count);
    if (count == 1 && !checks[0].ok) {
        tell_unreached(doctor, checks[0].why);
        return false;
    }
    store_where(store, where);
    doctor_ok(doctor, "redis here", "reached at %s", where);
    doctor_files_redis(doctor, where);
    for (size_t i = 0; i < count; i++) {
        if (checks[i].ok)
            doctor_ok(doctor, "redis here", "%s%s%s", checks[i].name, checks[i].why[0] ? ": " : "",
                      checks[i].why);
        else
            doctor_fail(doctor, "redis here",
                        "use the settings of deploy/redis: appendonly yes, appendfsync always, "
                        "maxmemory-policy noeviction; the master, with its replicas connected",
                        "%s: %s", checks[i].name, checks[i].why);
    }
    return true;
}

void doctor_store_redis(struct doctor *doctor) {
    struct store *store;
    struct fleet fleet;
    struct fault fault = {0};
    enum err err =
        store_new(settings_text(doctor->settings, SETTINGS_REDIS_URL),
                  settings_int(doctor->settings, SETTINGS_REDIS_TIMEOUT_MS), &store, &fault);
    if (err != ERR_OK) {
        doctor_fail(doctor, "redis here", "correct AGNOSTIC_REDIS_URL", "%s", fault.text);
        return;
    }
    store_replicas(store, settings_int(doctor->settings, SETTINGS_REDIS_REPLICAS));
    if (tell_checks(doctor, store)) {
        err = fleet_store_read(store, FLEET_LIMIT_MS, &fleet);
        if (err == ERR_OK)
            tell_runner(doctor, &fleet, store);
        else
            tell_unreached(doctor, store_why(store));
    }
    store_free(store);
}

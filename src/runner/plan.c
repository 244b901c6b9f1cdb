/* Chooses agents by role and name. Starts none. */
#include "runner/plan.h"

#include <string.h>

static void add_part(struct plan *plan, enum role role, const struct agent *agent,
                     const char *name) {
    int64_t stage = agent && agent->manifest.stage >= 0 ? agent->manifest.stage : role_stage(role);
    size_t i = plan->count++;
    for (; i > 0 && plan->parts[i - 1].stage > stage; i--) {
        plan->parts[i] = plan->parts[i - 1];
    }
    plan->parts[i] = (struct plan_part){role, agent, name, stage};
}

static bool is_named(const struct request *request, const struct manifest *manifest) {
    for (size_t i = 0; i < request->plugin_count; i++) {
        if (request->plugins[i].role == manifest->role &&
            strcmp(request->plugins[i].name, manifest->name) == 0) {
            return true;
        }
    }
    return false;
}

/* The agents of a role: when it is chosen its own, in place of which a gap is told, and those
 * attached to it; in any case those that the task names. */
static void add_role(struct plan *plan, const struct roster *roster, const struct request *request,
                     enum role role) {
    bool chosen = (request_roles(request) & ROLE_BIT(role)) != 0;
    size_t first = 0;
    while (first < roster->count && roster->agents[first]->manifest.role < role) {
        first++;
    }
    bool has_own = first < roster->count && roster->agents[first]->manifest.role == role &&
                   roster->agents[first]->manifest.takes_role;
    if (chosen && !has_own) {
        add_part(plan, role, NULL, role_name(role));
    }
    for (size_t i = first; i < roster->count && roster->agents[i]->manifest.role == role; i++) {
        const struct agent *agent = roster->agents[i];
        if ((chosen && !agent->manifest.when_named) || is_named(request, &agent->manifest)) {
            add_part(plan, role, agent, agent->manifest.name);
        }
    }
}

/* What is named and not there is told too, unless it works in another role anyway. */
static void add_absent(struct plan *plan, const struct request_plugin *plugin) {
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->parts[i].name, plugin->name) == 0) {
            return;
        }
    }
    add_part(plan, plugin->role, NULL, plugin->name);
}

void plan_make(const struct roster *roster, const struct request *request, struct plan *ret_plan) {
    *ret_plan = (struct plan){0};
    for (enum role role = 0; role < ROLE__COUNT; role++) {
        add_role(ret_plan, roster, request, role);
    }
    for (size_t i = 0; i < request->plugin_count; i++) {
        add_absent(ret_plan, &request->plugins[i]);
    }
}

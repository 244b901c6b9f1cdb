/* Whom a request names, and who works on it then. Whether a plug-in is installed is not known here.
 */
#include "task/request_agent.h"

#include <stdio.h>
#include <string.h>

void request_agent_expected(char *dst, size_t size) {
    size_t len = 0;
    for (int role = 0; role < ROLE__COUNT && len < size; role++) {
        const char *before = role == 0 ? "" : role == ROLE__COUNT - 1 ? " or " : ", ";
        len += (size_t)snprintf(dst + len, size - len, "%s'%s'", before, role_name(role));
    }
}

static bool plugin_name_is_good(const char *name) {
    size_t len = strlen(name);
    enum role role;
    return len > 0 && len <= REQUEST_PLUGIN_NAME_MAX && name[0] != '-' && name[0] != '_' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len &&
           !role_read(text_of(name), &role);
}

/* A name twice is one plug-in; it has one role. */
static bool keep_plugin(struct request *request, struct request_plugin plugin) {
    for (size_t i = 0; i < request->plugin_count; i++)
        if (strcmp(request->plugins[i].name, plugin.name) == 0)
            return request->plugins[i].role == plugin.role;
    if (request->plugin_count == REQUEST_PLUGINS_MAX)
        return false;
    request->plugins[request->plugin_count++] = plugin;
    return true;
}

bool request_agent(struct request *request, const struct json *item) {
    struct text rest = text_of(json_str(item, "")), word;
    struct request_plugin plugin;
    if (!text_cut(&rest, '/', &word) || !role_read(word, &plugin.role))
        return false;
    if (rest.ptr == NULL) {
        request->agents |= ROLE_BIT(plugin.role);
        return true;
    }
    plugin.name = rest.ptr;
    return plugin_name_is_good(plugin.name) && keep_plugin(request, plugin);
}

role_set request_roles(const struct request *request) {
    return request->agents != 0 || request->plugin_count > 0 ? request->agents : ROLE_ALL;
}

bool request_involves(const struct request *request, enum role role) {
    bool involved = (request_roles(request) & ROLE_BIT(role)) != 0;
    for (size_t i = 0; i < request->plugin_count && !involved; i++)
        involved = request->plugins[i].role == role;
    return involved;
}

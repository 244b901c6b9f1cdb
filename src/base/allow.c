/* allow: matching a connection against a list, and the rule for what no entry names.
 * The reading of a list is allow_read.c. Opens nothing, resolves nothing. */
#include "agnostic/base/allow.h"

#include <stdio.h>

#include "base/allow_entry.h"

/* Below 1024 only the web's own ports are open; above, services that answer to plain text. */
bool allow_port_is_denied(uint16_t port) {
    static const uint16_t denied[] = {
        1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389,  5432,  5672,  5900,  6000,
        6379, 6380, 6667, 9000, 9042, 9092, 9200, 9300, 10250, 11211, 16379, 26379, 27017,
    };
    if (port < 1024)
        return port != 80 && port != 443;
    for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
        if (denied[i] == port)
            return true;
    return false;
}

static bool port_matches(const struct allow_entry *entry, uint16_t port) {
    return entry->port == 0 ? !allow_port_is_denied(port) : entry->port == port;
}

static bool place_matches(const struct allow_entry *entry, struct text host,
                          const struct addr *addr) {
    switch (entry->kind) {
    case ALLOW_NETWORK:
        return addr != NULL && network_has(&entry->network, addr);
    case ALLOW_HOST:
        return text_is(host, entry->host);
    default:
        return host.len > text_of(entry->host).len && text_ends(host, text_of(entry->host));
    }
}

/* addr, or the address that host itself is written as, or NULL. */
static const struct addr *known_addr(struct text host, const struct addr *addr,
                                     struct addr *literal) {
    if (addr != NULL)
        return addr;
    return addr_parse(host, literal) ? literal : NULL;
}

void allow_match(const struct allow *allow, const char *host, const struct addr *addr,
                 uint16_t port, struct allow_grant *ret_grant) {
    struct allow_grant grant = {.max_rps = ALLOW_RPS_DEFAULT};
    struct text name = text_of(host);
    struct addr literal;
    addr = known_addr(name, addr, &literal);
    for (size_t i = 0; allow != NULL && i < allow->count; i++) {
        const struct allow_entry *entry = &allow->entries[i];
        if (!port_matches(entry, port) || !place_matches(entry, name, addr))
            continue;
        grant.listed = true;
        grant.active = grant.active || entry->active;
        grant.load = grant.load || entry->load;
        if (entry->max_rps > grant.max_rps)
            grant.max_rps = entry->max_rps;
    }
    *ret_grant = grant;
}

static bool is_own(const struct addr *addr, const struct addr *own, size_t own_count) {
    for (size_t i = 0; i < own_count; i++)
        if (addr_eq(addr, &own[i]))
            return true;
    return false;
}

static enum err refuse(struct fault *fault, struct text host, const struct addr *addr,
                       const char *what, const char *setting) {
    char text[ADDR_TEXT_SIZE];
    addr_text(addr, text);
    if (host.len == 0 || text_is(host, text))
        return fault_set(fault, ERR_REFUSED, "%s is %s address; list it in %s to allow it", text,
                         what, setting);
    return fault_set(fault, ERR_REFUSED, "%.*s (%s) is %s address; list it in %s to allow it",
                     TEXT_ARG(host), text, what, setting);
}

static enum err refuse_class(struct fault *fault, struct text host, const struct addr *addr,
                             enum addr_class class, const char *setting) {
    char what[32];
    snprintf(what, sizeof(what), "a %s", addr_class_word(class));
    return refuse(fault, host, addr, what, setting);
}

enum err allow_check(const struct allow *allow, const char *host, const struct addr *addr,
                     uint16_t port, const struct addr *own, size_t own_count, const char *setting,
                     struct fault *ret_fault) {
    struct text name = text_of(host);
    struct allow_grant grant;
    struct addr literal;
    char text[ADDR_TEXT_SIZE];
    addr = known_addr(name, addr, &literal);
    enum addr_class class = addr == NULL ? ADDR_PUBLIC : addr_classify(addr);
    if (class == ADDR_METADATA) {
        addr_text(addr, text);
        return fault_set(ret_fault, ERR_REFUSED,
                         "%s is a cloud metadata address; no setting opens it", text);
    }
    allow_match(allow, host, addr, port, &grant);
    if (grant.listed)
        return ERR_OK;
    if (class != ADDR_PUBLIC)
        return refuse_class(ret_fault, name, addr, class, setting);
    if (addr != NULL && is_own(addr, own, own_count))
        return refuse(ret_fault, name, addr, "this machine's own", setting);
    if (allow_port_is_denied(port))
        return fault_set(
            ret_fault, ERR_REFUSED,
            "Port %u is refused; list the host with exactly this port in %s to allow it", port,
            setting);
    return ERR_OK;
}

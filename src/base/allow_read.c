/* allow_read: the written form of an allow list. Knows the grammar, not what it is used for. */
#include <stdlib.h>

#include "base/allow_entry.h"

static enum err bad(struct fault *fault, struct text entry, const char *why) {
    return fault_set(fault, ERR_SYNTAX, "\"%.*s\": %s", TEXT_ARG(text_head(entry, 256)), why);
}

static bool inside_loopback(const struct allow_entry *entry) {
    struct network v4, v6;
    if (entry->kind != ALLOW_NETWORK)
        return text_is(text_of(entry->host), "localhost") ||
               text_ends(text_of(entry->host), TEXT(".localhost"));
    if (!network_parse(TEXT("127.0.0.0/8"), &v4) || !network_parse(TEXT("::1"), &v6))
        return false;
    const struct network *loopback = entry->network.base.v6 ? &v6 : &v4;
    return entry->network.prefix >= loopback->prefix && network_has(loopback, &entry->network.base);
}

static bool read_name(struct text place, struct allow_entry *entry) {
    char name[HOST_SIZE];
    bool suffix = text_starts(place, TEXT("."));
    if (suffix)
        place = text_make(place.ptr + 1, place.len - 1);
    if (host_read(place, name) != HOST_NAME)
        return false;
    entry->kind = suffix ? ALLOW_SUFFIX : ALLOW_HOST;
    if (suffix)
        entry->host[0] = '.';
    return text_copy(text_of(name), entry->host + suffix, sizeof(entry->host) - suffix);
}

/* A bare IPv6 network has colons of its own and so no port. */
static bool read_place(struct text place, struct allow_entry *entry) {
    struct text host;
    bool bracketed;
    entry->kind = ALLOW_NETWORK;
    if (network_parse(place, &entry->network))
        return true;
    if (place.len == 0 || !host_split_port(place, &host, &entry->port, &bracketed))
        return false;
    if (network_parse(host, &entry->network))
        return (text_find(host, TEXT(":")) >= 0) == bracketed;
    return !bracketed && read_name(host, entry);
}

static bool read_flag(struct text flag, struct allow_entry *entry) {
    static const struct text load_is = {"load=", 5};
    uint64_t rps = ALLOW_RPS_LOAD;
    if (text_is(flag, "active") && !entry->active) {
        entry->active = true;
        return true;
    }
    if (text_starts(flag, load_is)) {
        struct text number = text_make(flag.ptr + load_is.len, flag.len - load_is.len);
        if (!text_u64(number, ALLOW_RPS_MAX, &rps) || rps == 0)
            return false;
    } else if (!text_is(flag, "load")) {
        return false;
    }
    if (entry->load)
        return false;
    entry->load = true;
    entry->max_rps = (uint32_t)rps;
    return true;
}

static enum err read_entry(struct text text, bool with_flags, struct allow_entry *entry,
                           struct fault *fault) {
    struct text rest = text, place, flag;
    *entry = (struct allow_entry){.max_rps = ALLOW_RPS_DEFAULT};
    if (!text_cut(&rest, '+', &place) || !read_place(place, entry))
        return bad(fault, text, "expected HOST, .SUFFIX or CIDR, and perhaps :PORT");
    while (text_cut(&rest, '+', &flag)) {
        if (!with_flags)
            return bad(fault, text, "flags are not allowed here");
        if (!read_flag(flag, entry))
            return bad(fault, text, "expected +load, +load=RPS or +active, each once");
    }
    if (inside_loopback(entry) && !entry->load) {
        entry->load = true;
        entry->max_rps = ALLOW_RPS_LOOPBACK;
    }
    return ERR_OK;
}

static size_t count_entries(struct text text) {
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == ',';
    return text.len == 0 ? 0 : count;
}

enum err allow_parse(struct text text, bool with_flags, struct allow **ret_allow,
                     struct fault *ret_fault) {
    struct text rest = text_trim(text), part;
    struct allow *allow = calloc(1, sizeof(*allow));
    size_t count = count_entries(rest);
    if (allow != NULL)
        allow->entries = calloc(count + 1, sizeof(*allow->entries));
    if (allow == NULL || allow->entries == NULL) {
        allow_free(allow);
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    while (allow->count < count && text_cut(&rest, ',', &part)) {
        enum err err =
            read_entry(text_trim(part), with_flags, &allow->entries[allow->count], ret_fault);
        if (err != ERR_OK) {
            allow_free(allow);
            return err;
        }
        allow->count++;
    }
    *ret_allow = allow;
    return ERR_OK;
}

void allow_free(struct allow *allow) {
    if (allow == NULL)
        return;
    free(allow->entries);
    free(allow);
}

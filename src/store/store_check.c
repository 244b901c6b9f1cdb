/* store_check: may this Redis be trusted with accepted tasks? Asks INFO only, which every user of
 * Redis may be allowed (CONFIG need not be). */
#include <stdio.h>
#include <string.h>

#include "agnostic/store/store.h"
#include "store/inside.h"

enum { SERVER, MEMORY, PERSISTENCE, REPLICATION, SECTIONS };

enum { VERSION_MIN = 7 /* scripts with flags */ };

/* The value of "name:value\r\n" in an INFO text, or the empty view. */
static struct text field(const struct redis_reply *info, const char *name) {
    struct text rest, line, key;
    if (redis_text(info, &rest)) {
        while (text_cut(&rest, '\n', &line)) {
            struct text value = text_trim(line);
            if (text_cut(&value, ':', &key) && text_is(key, name)) {
                return value;
            }
        }
    }
    return TEXT("");
}

static struct store_check *add(struct store_check *checks, size_t *count, const char *name,
                               bool ok) {
    struct store_check *check = &checks[(*count)++];
    *check = (struct store_check){.name = name, .ok = ok};
    return check;
}

static void need(struct store_check *checks, size_t *count, const char *name, struct text is,
                 const char *wanted, bool excused) {
    bool ok = text_is(is, wanted);
    struct store_check *check = add(checks, count, name, ok || excused);
    if (!ok) {
        snprintf(check->why, sizeof check->why, "is \"%.*s\", must be \"%s\"%s",
                 (int)(is.len < 40 ? is.len : 40), is.ptr, wanted,
                 excused ? "; passed by AGNOSTIC_REDIS_VOLATILE_OK: accepted tasks may be lost"
                         : "");
    }
}

static void check_server(struct redis_reply *const *info, struct store_check *checks,
                         size_t *count) {
    struct text version = field(info[SERVER], "redis_version"), rest = version, major;
    uint64_t number = 0;
    bool loading = !text_is(field(info[PERSISTENCE], "loading"), "0");
    bool old = !text_cut(&rest, '.', &major) || !text_u64(major, UINT32_MAX, &number) ||
               number < VERSION_MIN;
    struct store_check *check = add(checks, count, "redis", !loading && !old);
    if (old) {
        snprintf(check->why, sizeof check->why, "Redis %.*s is too old, %d.0 is needed",
                 (int)(version.len < 40 ? version.len : 40), version.ptr, VERSION_MIN);
    } else if (loading) {
        snprintf(check->why, sizeof check->why, "Redis is loading its data");
    }
}

/* Replicas of the master that are in step with it: lines "slave0:ip=...,state=online,..." */
static int64_t count_replicas(const struct redis_reply *info) {
    struct text rest, line;
    int64_t count = 0;
    if (redis_text(info, &rest)) {
        while (text_cut(&rest, '\n', &line)) {
            count += text_starts(line, TEXT("slave")) && text_find(line, TEXT("state=online")) >= 0;
        }
    }
    return count;
}

static void check_replicas(const struct redis_reply *info, int64_t wanted,
                           struct store_check *checks, size_t *count) {
    int64_t have = count_replicas(info);
    if (wanted > 0) {
        struct store_check *check = add(checks, count, "replicas", have >= wanted);
        if (have < wanted) {
            snprintf(check->why, sizeof check->why,
                     "%lld connected, AGNOSTIC_REDIS_REPLICAS wants %lld", (long long)have,
                     (long long)wanted);
        }
    }
}

static void check_info(struct redis_reply *const *info, bool volatile_ok,
                       struct store_check *checks, size_t *count) {
    check_server(info, checks, count);
    need(checks, count, "maxmemory_policy", field(info[MEMORY], "maxmemory_policy"), "noeviction",
         volatile_ok);
    struct text aof = field(info[PERSISTENCE], "aof_enabled");
    if (text_is(aof, "1")) {
        need(checks, count, "aof", field(info[PERSISTENCE], "aof_last_write_status"), "ok",
             volatile_ok);
    } else {
        struct store_check *check = add(checks, count, "aof", volatile_ok);
        snprintf(check->why, sizeof check->why, "appendonly is off%s",
                 volatile_ok ? "; passed by AGNOSTIC_REDIS_VOLATILE_OK: accepted tasks may be lost"
                             : "");
    }
    need(checks, count, "role", field(info[REPLICATION], "role"), "master", false);
}

void store_check(struct store *store, bool volatile_ok,
                 struct store_check checks[static STORE_CHECKS_MAX], size_t *ret_count) {
    static const char *const NAMES[SECTIONS] = {[SERVER] = "server",
                                                [MEMORY] = "memory",
                                                [PERSISTENCE] = "persistence",
                                                [REPLICATION] = "replication"};
    struct command commands[SECTIONS];
    struct redis_reply *info[SECTIONS] = {NULL};
    for (size_t i = 0; i < SECTIONS; i++) {
        command_init(&commands[i], "INFO");
        command_str(&commands[i], NAMES[i]);
    }
    *ret_count = 0;
    if (redis_calls(store->redis, commands, SECTIONS, info) != ERR_OK) {
        struct store_check *check = add(checks, ret_count, "redis", false);
        snprintf(check->why, sizeof check->why, "%.150s", store_why(store));
        return;
    }
    check_info(info, volatile_ok, checks, ret_count);
    check_replicas(info[REPLICATION], store->replicas, checks, ret_count);
    for (size_t i = 0; i < SECTIONS; i++) {
        redis_reply_free(info[i]);
    }
}

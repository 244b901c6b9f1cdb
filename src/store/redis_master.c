/* redis_master: finds the master by asking the Sentinels, each of which is spoken to as any Redis.
 */
#include "store/redis_master.h"

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "store/redis.h"

static bool read_master(const struct redis_reply *reply, struct redis_host *ret_master) {
    struct text name;
    int64_t port = 0;
    if (!redis_text(redis_at(reply, 0), &name) || !redis_int(redis_at(reply, 1), &port) ||
        port < 1 || port > 65535 || !text_copy(name, ret_master->name, sizeof ret_master->name)) {
        return false;
    }
    ret_master->port = (int)port;
    return true;
}

static enum err ask(struct redis *sentinel, const char *master, int64_t limit_ms,
                    struct redis_host *ret_master, const char **ret_why) {
    struct command command;
    struct redis_reply *reply = NULL;
    command_init(&command, "SENTINEL");
    command_str(&command, "get-master-addr-by-name");
    command_str(&command, master);
    enum err err = redis_call(sentinel, &command, limit_ms, &reply);
    *ret_why = redis_why(sentinel);
    if (err == ERR_OK && !read_master(reply, ret_master)) {
        *ret_why = "knows no such master";
        err = ERR_STORE;
    }
    redis_reply_free(reply);
    return err == ERR_OK ? ERR_OK : ERR_STORE;
}

static enum err ask_one(const struct redis_url *url, const struct redis_host *host,
                        int64_t limit_ms, struct redis_host *ret_master, struct fault *ret_fault) {
    struct redis_url place = {.hosts = {*host}, .host_count = 1};
    const char *why = "";
    (void)text_copy(text_of(url->sentinel_password), place.password, sizeof place.password);
    struct redis *sentinel = redis_new(&place, limit_ms);
    secure_wipe(&place, sizeof place);
    if (sentinel == NULL) {
        return fault_set(ret_fault, ERR_STORE, "no memory to ask a Sentinel");
    }
    enum err err = ask(sentinel, url->master, limit_ms, ret_master, &why);
    if (err != ERR_OK) {
        fault_set(ret_fault, err, "Sentinel %.100s:%d: %.120s", host->name, host->port, why);
    }
    redis_free(sentinel);
    return err;
}

enum err redis_master_find(const struct redis_url *url, size_t *first, int64_t deadline_ms,
                           struct redis_host *ret_master, struct fault *ret_fault) {
    enum err err = ERR_STORE;
    for (size_t i = 0; i < url->host_count && err != ERR_OK; i++) {
        size_t at = (*first + i) % url->host_count;
        int64_t share_ms = (deadline_ms - time_mono_ms()) / (int64_t)(url->host_count - i + 1);
        err = ask_one(url, &url->hosts[at], share_ms > 1 ? share_ms : 1, ret_master, ret_fault);
        if (err == ERR_OK) {
            *first = at;
        }
    }
    return err;
}

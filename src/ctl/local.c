/* local: opening Redis and complaining about it. */
#include "ctl/local.h"

#include <stdio.h>

#include "ctl/command.h"

int local_complain(const char *what, enum err err, const struct store *store) {
    const char *why = store ? store_why(store) : "";
    bool store_failed = err == ERR_STORE || err == ERR_STORE_FULL;
    fprintf(stderr, "agnosticctl: %s: %s\n", what, store_failed && why[0] ? why : err_text(err));
    return store_failed ? CTL_UNREACHABLE : CTL_REFUSED;
}

struct store *local_open(const struct settings *settings, int *ret_status) {
    struct store *store;
    struct fault fault = {0};
    enum err err = store_new(settings_text(settings, SETTINGS_REDIS_URL),
                             settings_int(settings, SETTINGS_REDIS_TIMEOUT_MS), &store, &fault);
    if (err == ERR_OK) {
        store_replicas(store, settings_int(settings, SETTINGS_REDIS_REPLICAS));
        return store;
    }
    fprintf(stderr, "agnosticctl: AGNOSTIC_REDIS_URL: %s\n", fault.text);
    *ret_status = err_exit(err);
    return NULL;
}

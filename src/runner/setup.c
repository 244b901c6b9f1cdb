/* From settings to what the slots and the keeper work with. */
#include "runner/setup.h"

#include <stdlib.h>

#include "agnostic/base/log.h"
#include "agnostic/store/store.h"
#include "runner/confine.h"
#include "runner/spawn.h"
#include "runner/workdir.h"

const enum settings_id SETUP_SETTINGS[] = {
    SETTINGS_REDIS_URL,
    SETTINGS_REDIS_TIMEOUT_MS,
    SETTINGS_AGENTS_DIR,
    SETTINGS_PLUGIN_NETWORK,
    SETTINGS_TARGET_ALLOW,
    SETTINGS_WEBHOOK_ALLOW,
    SETTINGS_WEBHOOK_SCHEDULE_S,
    SETTINGS_LEASE_MS,
    SETTINGS_BEAT_MS,
    SETTINGS_HISTORY_DAYS,
    SETTINGS_AGENTS_AT_ONCE,
    SETTINGS_LLM_URL,
    SETTINGS_LLM_MODEL,
    SETTINGS_LLM_KEY_FILE,
    SETTINGS_LLM_TIMEOUT_MS,
    SETTINGS_RUN_DIR,
    SETTINGS_DRAIN_MS,
    SETTINGS_LOG,
    SETTINGS_LOG_LEVEL,
};
const size_t SETUP_SETTINGS_COUNT = sizeof(SETUP_SETTINGS) / sizeof(SETUP_SETTINGS[0]);

/* A wrong URL is found now and not by every child. */
static enum err check_redis(const struct setup *setup, struct fault *ret_fault) {
    struct store *store = NULL;
    enum err err = store_new(setup->redis_url, setup->redis_timeout_ms, &store, ret_fault);
    store_free(store);
    return err;
}

static enum err load_webhook_gate(struct setup *setup, struct fault *ret_fault) {
    const char *name = settings_name(SETTINGS_WEBHOOK_ALLOW);
    struct text text = text_of(settings_text(setup->settings, SETTINGS_WEBHOOK_ALLOW));
    struct fault fault = {0};
    enum err err = allow_parse(text, false, &setup->webhook_allow, &fault);
    if (err == ERR_OK) {
        err = gate_new(setup->webhook_allow, name, &setup->webhook_gate);
    }
    if (err != ERR_OK) {
        return fault_set(ret_fault, err == ERR_SYNTAX ? ERR_CONFIG : err, "%s: %.400s", name,
                         fault.text[0] ? fault.text : err_text(err));
    }
    return ERR_OK;
}

static enum err load_parts(struct setup *setup, struct fault *ret_fault) {
    const struct settings *settings = setup->settings;
    enum err err = check_redis(setup, ret_fault);
    if (err == ERR_OK) {
        err = workdir_prepare(setup->run_dir, ret_fault);
    }
    if (err == ERR_OK) {
        err = target_rules_read(settings_text(settings, SETTINGS_TARGET_ALLOW),
                                &setup->target_rules, ret_fault);
    }
    if (err == ERR_OK) {
        err = load_webhook_gate(setup, ret_fault);
    }
    if (err == ERR_OK) {
        err = advisor_new(settings, &setup->advisor, ret_fault);
    }
    if (err == ERR_OK) {
        err = roster_load(NULL, settings_text(settings, SETTINGS_AGENTS_DIR),
                          settings_int(settings, SETTINGS_PLUGIN_NETWORK) != 0, &setup->roster);
        if (err != ERR_OK) {
            fault_set(ret_fault, err, "%s", err_text(err));
        }
    }
    return err;
}

enum err setup_load(struct setup **ret_setup, struct fault *ret_fault) {
    struct setup *setup = calloc(1, sizeof(*setup));
    if (!setup) {
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    enum err err = settings_load(&setup->settings, ret_fault);
    if (err == ERR_OK) {
        setup->run_dir = settings_text(setup->settings, SETTINGS_RUN_DIR);
        setup->redis_url = settings_text(setup->settings, SETTINGS_REDIS_URL);
        setup->redis_timeout_ms = settings_int(setup->settings, SETTINGS_REDIS_TIMEOUT_MS);
        setup->lease_ms = settings_int(setup->settings, SETTINGS_LEASE_MS);
        setup->beat_ms = settings_int(setup->settings, SETTINGS_BEAT_MS);
        setup->history_days = settings_int(setup->settings, SETTINGS_HISTORY_DAYS);
        setup->agents_at_once =
            spawn_contains() ? settings_int(setup->settings, SETTINGS_AGENTS_AT_ONCE) : 1;
        setup->drain_ms = settings_int(setup->settings, SETTINGS_DRAIN_MS);
        err = load_parts(setup, ret_fault);
    }
    if (err != ERR_OK) {
        setup_free(setup);
        return err;
    }
    *ret_setup = setup;
    return ERR_OK;
}

void setup_free(struct setup *setup) {
    if (!setup) {
        return;
    }
    advisor_free(setup->advisor);
    gate_free(setup->webhook_gate);
    allow_free(setup->webhook_allow);
    target_rules_free(setup->target_rules);
    roster_free(setup->roster);
    settings_free(setup->settings);
    free(setup);
}

void setup_open_log(const struct setup *setup) {
    log_open_named("agnostic-runner", settings_text(setup->settings, SETTINGS_LOG),
                   settings_text(setup->settings, SETTINGS_LOG_LEVEL));
}

static void tell_unknown(void *ctx, const char *name) {
    (void)ctx;
    log_warn("setting_unknown", LOG_STR("name", name));
}

void setup_tell(const struct setup *setup) {
    const struct roster *roster = setup->roster;
    settings_unknown(setup->settings, tell_unknown, NULL);
    for (size_t i = 0; i < roster->remark_count; i++) {
        log_warn("manifest_ignored", LOG_STR("why", roster->remarks[i]));
    }
    for (size_t i = 0; i < roster->count; i++) {
        const struct agent *agent = roster->agents[i];
        /* One that runs only when it is named says so then. */
        if (agent->unable && !agent->manifest.when_named) {
            log_warn("agent_unable", LOG_STR("agent", agent->manifest.name),
                     LOG_STR("reason", agent->unable), LOG_STR("why", agent->unable_text));
        }
    }
    if (!confine_can_files()) {
        log_warn("no_file_confinement",
                 LOG_STR("why", "this kernel has no Landlock: built-in agents run without it"));
    }
}

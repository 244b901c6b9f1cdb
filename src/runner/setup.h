/* setup: all that the settings mean to the runner, read and checked together. Made by the
 * parent at start and at each reload, before any child is touched; children inherit it. */
#ifndef AGNOSTIC_RUNNER_SETUP_H
#define AGNOSTIC_RUNNER_SETUP_H

#include "agnostic/base/settings.h"
#include "agnostic/probe/gate.h"
#include "runner/advisor.h"
#include "runner/roster.h"
#include "runner/target.h"

struct setup {
    struct settings *settings;
    struct roster *roster;
    struct target_rules *target_rules;
    struct allow *webhook_allow;
    struct gate *webhook_gate;
    struct advisor *advisor; /* NULL: no language model */
    const char *run_dir;     /* of settings, like the next */
    const char *redis_url;
    int64_t redis_timeout_ms, lease_ms, beat_ms, drain_ms;
    int64_t history_days;
    int64_t agents_at_once; /* of one task */
};

/* setup_load(&setup, &fault): ERR_CONFIG with the setting named. Makes AGNOSTIC_RUN_DIR. The
 * caller frees with setup_free. */
enum err setup_load(struct setup **ret_setup, struct fault *ret_fault);
void setup_free(struct setup *setup);
/* setup_open_log(setup): to where and from what level on the settings say. */
void setup_open_log(const struct setup *setup);
/* setup_tell(setup): says in the log what is missing here or was passed over. */
void setup_tell(const struct setup *setup);

/* The settings that the runner looks at, for --help. */
extern const enum settings_id SETUP_SETTINGS[];
extern const size_t SETUP_SETTINGS_COUNT;

#endif

/* Builds an agent's environment from a list of names. */
#include "runner/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct passed {
    const char *name, *fallback; /* fallback NULL: left out when we have none */
};

static const struct passed always[] = {
    {"PATH", "/usr/local/bin:/usr/bin:/bin"},
    {"LANG", "C.UTF-8"},
    {"TZ", NULL},
    {"SSL_CERT_FILE", NULL},
    {"SSL_CERT_DIR", NULL},
};
enum { ALWAYS = sizeof(always) / sizeof(always[0]), OWN = 2 };

static bool has(const struct environment *environment, const char *name) {
    size_t len = strlen(name);
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->vars[i], name, len) == 0 && environment->vars[i][len] == '=') {
            return true;
        }
    }
    return false;
}

static enum err set(struct environment *environment, const char *name, const char *value) {
    if (!value || has(environment, name)) {
        return ERR_OK;
    }
    char *line = NULL;
    if (asprintf(&line, "%s=%s", name, value) < 0) {
        return ERR_NOMEM;
    }
    environment->vars[environment->count++] = line;
    return ERR_OK;
}

enum err environment_make(const struct manifest *manifest, const char *workdir,
                          struct environment *ret_environment) {
    struct environment environment = {0};
    environment.vars = calloc(ALWAYS + OWN + manifest->env_count + 1, sizeof(char *));
    if (!environment.vars) {
        return ERR_NOMEM;
    }
    enum err err = set(&environment, "HOME", workdir);
    if (err == ERR_OK) {
        err = set(&environment, "TMPDIR", workdir);
    }
    for (size_t i = 0; err == ERR_OK && i < ALWAYS; i++) {
        const char *value = getenv(always[i].name);
        err = set(&environment, always[i].name, value ? value : always[i].fallback);
    }
    for (size_t i = 0; err == ERR_OK && i < manifest->env_count; i++) {
        err = set(&environment, manifest->env[i], getenv(manifest->env[i]));
    }
    if (err != ERR_OK) {
        environment_done(&environment);
        return err;
    }
    *ret_environment = environment;
    return ERR_OK;
}

void environment_done(struct environment *environment) {
    for (size_t i = 0; i < environment->count; i++) {
        free(environment->vars[i]);
    }
    free(environment->vars);
    *environment = (struct environment){0};
}

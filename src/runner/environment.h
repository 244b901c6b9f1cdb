/* environment: the variables an agent gets. Made from nothing, so that no secret of ours
 * can be among them. */
#ifndef AGNOSTIC_RUNNER_ENVIRONMENT_H
#define AGNOSTIC_RUNNER_ENVIRONMENT_H

#include "runner/manifest.h"

struct environment {
    char **vars; /* NULL-terminated NAME=value, for execve */
    size_t count;
};

/* environment_make(manifest, workdir, &environment): PATH, LANG, TZ, SSL_CERT_FILE,
 * SSL_CERT_DIR and the manifest's `env`, each as this process has it; HOME and TMPDIR are
 * workdir. ERR_NOMEM. */
enum err environment_make(const struct manifest *manifest, const char *workdir,
                          struct environment *ret_environment);
void environment_done(struct environment *environment);

#endif

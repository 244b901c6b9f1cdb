/* Reads files of a folder that a stranger filled: no links, no devices, no more than so many
 * bytes. */
#include "runner/artifacts.h"

#include <stdio.h>

#include "agnostic/base/secure.h"
#include "runner/workdir.h"

static const char *keep(struct store *store, const struct task_claim *claim, const char *workdir,
                        const struct outcome *outcome, struct outcome_artifact *artifact) {
    char name[OUTCOME_ARTIFACT_FULL_SIZE];
    struct buf bytes;
    buf_init(&bytes, TASK_STORE_ARTIFACT_MAX);
    outcome_artifact_name(outcome, artifact, name);
    enum err err = workdir_get(workdir, artifact->name, &bytes);
    if (err == ERR_OK) {
        err = secure_sha256_hex(buf_text(&bytes), artifact->sha256);
    }
    if (err == ERR_OK) {
        const struct task_artifact stored = {name, artifact->media_type, artifact->sha256,
                                             buf_text(&bytes)};
        err = task_store_artifact(store, claim, &stored);
    }
    artifact->kept = err == ERR_OK;
    artifact->bytes = (int64_t)bytes.len;
    buf_done(&bytes);
    return err == ERR_OK          ? NULL
           : err == ERR_TOO_LARGE ? "too large"
           : err == ERR_IO        ? "no plain file"
                                  : err_text(err);
}

void artifacts_keep(struct store *store, const struct task_claim *claim, const char *workdir,
                    struct outcome *outcome, struct journal_voice *voice) {
    for (size_t i = 0; i < outcome_artifacts(outcome); i++) {
        struct outcome_artifact *artifact = outcome_artifact(outcome, i);
        char said[160];
        const char *why = keep(store, claim, workdir, outcome, artifact);
        if (why == NULL) {
            continue;
        }
        snprintf(said, sizeof(said), "%s is not kept: %s", artifact->name, why);
        journal_say(voice, "artifact", text_of(said));
    }
}

/* task_artifact: a file that one of a task's agents left, for download. Whatever stands in it, no
 * browser is to run it on this origin. */
#include <stdio.h>

#include "agnostic/task/outcome.h"
#include "web/etag.h"
#include "web/handlers.h"

enum { ARTIFACT_TAG_SIZE = 80 };

static const struct answer *artifact_tell(struct call *call,
                                          const struct task_view_artifact *artifact) {
    char tag[ARTIFACT_TAG_SIZE], field[OUTCOME_ARTIFACT_FULL_SIZE + 32];
    const char *media = outcome_artifact_media(artifact->media_type);
    snprintf(tag, sizeof(tag), "\"%.*s\"",
             (int)(artifact->sha256.len > 64 ? 64 : artifact->sha256.len), artifact->sha256.ptr);
    reply_field(call->reply, "ETag", text_of(tag));
    if (etag_matches(call->incoming->header[INCOMING_IF_NONE_MATCH], tag))
        return reply_not_modified(call->reply);
    snprintf(field, sizeof(field), "attachment; filename=\"%.*s\"", TEXT_ARG(call->name));
    reply_field(call->reply, "Content-Disposition", text_of(field));
    call->reply->policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
                          "sandbox";
    call->reply->type = media != NULL ? media : "application/octet-stream";
    return reply_lent(call->reply, 200, artifact->bytes);
}

/* What was never a name of one is none. */
static bool artifact_is_name(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
            return false;
    }
    return t.len > 0 && t.len < OUTCOME_ARTIFACT_FULL_SIZE;
}

const struct answer *task_artifact(struct call *call) {
    struct task_view_artifact artifact;
    char id[101];
    enum err err = call_sees_task(call);
    if (err == ERR_OK && !text_copy(call->id, id, sizeof(id)))
        err = ERR_TASK_ID;
    if (err == ERR_OK && !artifact_is_name(call->name))
        err = ERR_NO_ARTIFACT;
    if (err == ERR_OK)
        err =
            task_view_artifact(call->service->store, id, call->name, &call->reply->body, &artifact);
    return err == ERR_OK ? artifact_tell(call, &artifact) : reply_error(call->reply, err);
}

/* Files that an agent left for its users: what it says of them, and which were kept. Opens none. */
#include <string.h>

#include "task/outcome_parts.h"

/* What may be handed out; nothing a browser would run. */
static const char *const MEDIA_TYPES[] = {"application/json", "image/png", "image/svg+xml",
                                          "text/csv", "text/plain"};

const char *outcome_artifact_media(struct text word) {
    for (size_t i = 0; i < sizeof(MEDIA_TYPES) / sizeof(MEDIA_TYPES[0]); i++)
        if (text_is(word, MEDIA_TYPES[i]))
            return MEDIA_TYPES[i];
    return NULL;
}

/* A plain file name of the agent's folder. */
static bool is_name(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
              (c == '.' && i > 0 && t.ptr[i - 1] != '.')))
            return false;
    }
    return t.len > 0 && t.len < OUTCOME_ARTIFACT_NAME_SIZE;
}

enum err outcome_add_artifact(struct outcome *outcome, const struct json *line) {
    struct text name, media;
    if (!json_text(json_get(line, "name"), &name) || !is_name(name) ||
        !json_text(json_get(line, "media_type"), &media) || outcome_artifact_media(media) == NULL)
        return ERR_SYNTAX;
    for (size_t i = 0; i < outcome->artifact_count; i++)
        if (text_is(name, outcome->artifacts[i].name))
            return ERR_SYNTAX;
    if (outcome->artifact_count == OUTCOME_ARTIFACTS_MAX)
        return ERR_SYNTAX;
    struct outcome_artifact *artifact = &outcome->artifacts[outcome->artifact_count++];
    *artifact = (struct outcome_artifact){.media_type = outcome_artifact_media(media)};
    text_copy(name, artifact->name, sizeof(artifact->name));
    return ERR_OK;
}

size_t outcome_artifacts(const struct outcome *outcome) {
    return outcome->artifact_count;
}

struct outcome_artifact *outcome_artifact(struct outcome *outcome, size_t index) {
    return &outcome->artifacts[index];
}

void outcome_put_artifacts(const struct outcome *outcome, struct json_out *out) {
    json_out_name(out, "artifacts");
    json_out_array(out);
    for (size_t i = 0; i < outcome->artifact_count; i++) {
        const struct outcome_artifact *artifact = &outcome->artifacts[i];
        char name[OUTCOME_ARTIFACT_FULL_SIZE];
        if (!artifact->kept)
            continue;
        outcome_artifact_name(outcome, artifact, name);
        json_out_object(out);
        json_out_member(out, "name", name);
        json_out_member(out, "media_type", artifact->media_type);
        json_out_member_int(out, "bytes", artifact->bytes);
        json_out_member(out, "sha256", artifact->sha256);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

void outcome_artifact_name(const struct outcome *outcome, const struct outcome_artifact *artifact,
                           char dst[static OUTCOME_ARTIFACT_FULL_SIZE]) {
    struct buf buf;
    buf_init(&buf, OUTCOME_ARTIFACT_FULL_SIZE);
    buf_printf(&buf, "%.64s.%s", outcome->name, artifact->name);
    text_copy(buf_text(&buf), dst, OUTCOME_ARTIFACT_FULL_SIZE);
    buf_done(&buf);
}

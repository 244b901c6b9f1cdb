/* Reads a manifest, strictly and from tables, so that a typing error is named and not
 * guessed around. Knows nothing of files, folders or processes. */
#include "runner/manifest.h"

#include <string.h>

#include "runner/argv.h"

/* The reading of one file: where to complain, and what about. */
struct reading {
    const char *file;
    const struct json *root;
    struct manifest *manifest;
    struct fault *fault;
};

static enum err complain(const struct reading *r, const char *member, const char *must) {
    return fault_set(r->fault, ERR_SYNTAX, "%s: member \"%s\" must be %s", r->file, member, must);
}

/* --- whole numbers ------------------------------------------------------------------ */

struct number_row {
    const char *path;
    int64_t min, max, fallback;
    size_t offset;
};

static const struct number_row numbers[] = {
    {"stage", 0, ROLE_STAGE_MAX, -1, offsetof(struct manifest, stage)},
    {"timeout_s", 1, 86400, 180, offsetof(struct manifest, timeout_s)},
    {"limits.cpu_s", 1, 86400, 120, offsetof(struct manifest, limits.cpu_s)},
    {"limits.rss_mb", 16, 1048576, 512, offsetof(struct manifest, limits.rss_mb)},
    {"limits.nproc", 1, 4096, 64, offsetof(struct manifest, limits.nproc)},
    {"limits.fsize_mb", 1, 1048576, 64, offsetof(struct manifest, limits.fsize_mb)},
    {"limits.stdout_mb", 1, 1024, 32, offsetof(struct manifest, limits.stdout_mb)},
    {"limits.line_kb", 1, 1024, 256, offsetof(struct manifest, limits.line_kb)},
    {"limits.max_rps", 1, 100000, 20, offsetof(struct manifest, limits.max_rps)},
    {"limits.max_requests", 1, 100000000, 5000, offsetof(struct manifest, limits.max_requests)},
};

static enum err read_number(const struct reading *r, const struct number_row *row) {
    int64_t n = row->fallback;
    const struct json *value = json_path(r->root, row->path);
    if (json_kind(value) != JSON_NONE && !json_int(value, row->min, row->max, &n)) {
        return fault_set(r->fault, ERR_SYNTAX,
                         "%s: member \"%s\" must be a whole number from %lld to %lld", r->file,
                         row->path, (long long)row->min, (long long)row->max);
    }
    memcpy((char *)r->manifest + row->offset, &n, sizeof(n));
    return ERR_OK;
}

static enum err read_numbers(const struct reading *r) {
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        enum err err = read_number(r, &numbers[i]);
        if (err != ERR_OK) {
            return err;
        }
    }
    return ERR_OK;
}

/* --- words -------------------------------------------------------------------------- */

/* Index of the word in a NULL-terminated list; `fallback` when absent, -1 when unknown. */
static int read_word(const struct json *value, const char *const *words, int fallback) {
    if (json_kind(value) == JSON_NONE) {
        return fallback;
    }
    for (int i = 0; words[i]; i++) {
        if (text_is(text_of(json_str(value, "")), words[i])) {
            return i;
        }
    }
    return -1;
}

static enum err read_words(const struct reading *r) {
    static const char *const networks[] = {"none", "target", "any", NULL};
    static const char *const sandboxes[] = {"none", "strict", NULL};
    static const char *const targets[] = {"shared", "alone", NULL};
    static const char *const protocols[] = {"jsonl/1", NULL};
    static const char *const whens[] = {"role", "named", NULL};
    enum { INPUT_HISTORY = 1, INPUT_RESULTS = 2 }; /* bits of the index */
    static const char *const inputs[] = {"task", "task+history", "task+results",
                                         "task+results+history", NULL};
    int network = read_word(json_path(r->root, "needs.network"), networks, MANIFEST_NETWORK_NONE);
    int sandbox = read_word(json_get(r->root, "sandbox"), sandboxes, 0);
    int input = read_word(json_get(r->root, "input"), inputs, 0);
    int target = read_word(json_path(r->root, "needs.target"), targets, 0);
    int when = read_word(json_get(r->root, "when"), whens, 0);
    if (network < 0) {
        return complain(r, "needs.network", "\"none\", \"target\" or \"any\"");
    }
    if (target < 0) {
        return complain(r, "needs.target", "\"shared\" or \"alone\"");
    }
    if (sandbox < 0) {
        return complain(r, "sandbox", "\"none\" or \"strict\"");
    }
    if (input < 0) {
        return complain(r, "input", "\"task\", with \"+results\", \"+history\" or both");
    }
    if (when < 0 || (when == 1 && r->manifest->takes_role)) {
        return complain(r, "when", "\"role\", or \"named\" for a plug-in");
    }
    if (read_word(json_get(r->root, "protocol"), protocols, 0) < 0) {
        return complain(r, "protocol", "\"jsonl/1\"");
    }
    r->manifest->network = (enum manifest_network)network;
    r->manifest->alone = target == 1;
    r->manifest->strict = sandbox == 1;
    r->manifest->wants_history = (input & INPUT_HISTORY) != 0;
    r->manifest->wants_results = (input & INPUT_RESULTS) != 0;
    r->manifest->when_named = when == 1;
    return ERR_OK;
}

static enum err read_flag(const struct reading *r, const char *path, bool fallback,
                          bool *ret_flag) {
    enum json_kind kind = json_kind(json_path(r->root, path));
    if (kind != JSON_NONE && kind != JSON_BOOL) {
        return complain(r, path, "true or false");
    }
    *ret_flag = json_bool(json_path(r->root, path), fallback);
    return ERR_OK;
}

static enum err read_flags(const struct reading *r) {
    enum err err = read_flag(r, "enabled", true, &r->manifest->enabled);
    return err != ERR_OK ? err : read_flag(r, "needs.browser", false, &r->manifest->browser);
}

/* --- lists of strings --------------------------------------------------------------- */

static enum err read_list(const struct reading *r, const char *path, const char **dst, size_t max,
                          size_t *ret_count) {
    const struct json *list = json_path(r->root, path);
    *ret_count = 0;
    if (json_kind(list) == JSON_NONE) {
        return ERR_OK;
    }
    if (json_kind(list) != JSON_ARRAY || json_count(list) > max) {
        return fault_set(r->fault, ERR_SYNTAX,
                         "%s: member \"%s\" must be an array of at most %zu strings", r->file, path,
                         max);
    }
    for (size_t i = 0; i < json_count(list); i++) {
        const char *string = json_str(json_at(list, i), NULL);
        if (!string) {
            return complain(r, path, "an array of strings");
        }
        dst[i] = string;
    }
    *ret_count = json_count(list);
    return ERR_OK;
}

/* Variables an agent may ask for. Nothing of ours and nothing that usually holds a secret. */
static bool env_is_safe(const char *name) {
    static const char *const safe[] = {"PATH",
                                       "LANG",
                                       "LANGUAGE",
                                       "TZ",
                                       "SSL_CERT_FILE",
                                       "SSL_CERT_DIR",
                                       "NODE_EXTRA_CA_CERTS",
                                       "REQUESTS_CA_BUNDLE",
                                       "CURL_CA_BUNDLE",
                                       "JAVA_HOME",
                                       "CHROME_PATH",
                                       "PLAYWRIGHT_BROWSERS_PATH"};
    for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
        if (strcmp(name, safe[i]) == 0) {
            return true;
        }
    }
    return text_starts(text_of(name), TEXT("LC_"));
}

static enum err read_env(const struct reading *r) {
    struct manifest *m = r->manifest;
    enum err err = read_list(r, "env", m->env, MANIFEST_ENV_MAX, &m->env_count);
    for (size_t i = 0; err == ERR_OK && i < m->env_count; i++) {
        if (!env_is_safe(m->env[i])) {
            err = fault_set(r->fault, ERR_SYNTAX,
                            "%s: member \"env\": %.64s is not a variable that agents may have",
                            r->file, m->env[i]);
        }
    }
    return err;
}

static enum err read_command(const struct reading *r) {
    struct manifest *m = r->manifest;
    enum err err = read_list(r, "command", m->command, MANIFEST_ARGS_MAX, &m->command_count);
    if (err != ERR_OK) {
        return err;
    }
    if (m->command_count == 0 || m->command[0][0] == '\0' || m->command[0][0] == '{') {
        return complain(r, "command", "an array of strings, the first one naming a program");
    }
    for (size_t i = 0; i < m->command_count; i++) {
        struct text unknown;
        if (!argv_is_known(m->command[i], &unknown)) {
            return fault_set(r->fault, ERR_SYNTAX, "%s: member \"command\": unknown place {%.*s}",
                             r->file, TEXT_ARG(text_head(unknown, 64)));
        }
    }
    return ERR_OK;
}

/* --- identity ----------------------------------------------------------------------- */

static bool name_is_good(const char *name) {
    size_t len = strlen(name);
    return len > 0 && len < MANIFEST_NAME_SIZE && name[0] != '-' && name[0] != '_' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

/* A name of the six is the role itself; any other is attached by "role", or to nothing. */
static enum err read_identity(const struct reading *r) {
    struct manifest *m = r->manifest;
    const char *name = json_str(json_get(r->root, "name"), "");
    const struct json *role = json_get(r->root, "role");
    if (!name_is_good(name)) {
        return complain(r, "name", "1 to 64 of a-z, 0-9, - and _, first a letter or digit");
    }
    m->takes_role = role_read(text_of(name), &m->role);
    m->has_role = m->takes_role;
    if (json_kind(role) != JSON_NONE) {
        enum role attached;
        if (!role_read(text_of(json_str(role, "")), &attached)) {
            return complain(r, "role", "one of the six agents");
        }
        if (m->takes_role && attached != m->role) {
            return complain(r, "role", "the role that \"name\" already is");
        }
        m->has_role = true;
        m->role = attached;
    }
    text_copy(text_of(m->takes_role ? role_name(m->role) : name), m->name, sizeof(m->name));
    return ERR_OK;
}

static enum err read_members(const struct reading *r) {
    int64_t version;
    if (json_kind(r->root) != JSON_OBJECT) {
        return fault_set(r->fault, ERR_SYNTAX, "%s: must hold one JSON object", r->file);
    }
    if (!json_int(json_get(r->root, "manifest"), 1, 1, &version)) {
        return complain(r, "manifest", "1");
    }
    enum err (*const steps[])(const struct reading *) = {read_identity, read_command, read_words,
                                                         read_flags,    read_numbers, read_env};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        enum err err = steps[i](r);
        if (err != ERR_OK) {
            return err;
        }
    }
    struct manifest *m = r->manifest;
    return read_list(r, "needs.binaries", m->binaries, MANIFEST_BINARIES_MAX, &m->binaries_count);
}

enum err manifest_read(struct text text, const char *file, struct manifest *ret_manifest,
                       struct fault *ret_fault) {
    struct manifest manifest = {0};
    struct json_fault why = {0};
    enum err err = json_parse(text, &JSON_LIMITS_REQUEST, &manifest.root, &why);
    if (err == ERR_SYNTAX) {
        return fault_set(ret_fault, err, "%s: not JSON: %s at character %zu", file, why.reason,
                         why.offset);
    }
    if (err != ERR_OK) {
        return fault_set(ret_fault, err, "%s: %s", file, err_text(err));
    }
    struct reading reading = {file, manifest.root, &manifest, ret_fault};
    err = read_members(&reading);
    if (err != ERR_OK) {
        json_free(manifest.root);
        return err;
    }
    *ret_manifest = manifest;
    return ERR_OK;
}

void manifest_done(struct manifest *manifest) {
    json_free(manifest->root);
    manifest->root = NULL;
}

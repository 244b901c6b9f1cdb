/* settings: reads NAME=value from a file's text and from an environment into one set of
 * values. Must not know where the file was found (settings_file.c). Never prints a value:
 * it might be a secret. */
#include "agnostic/base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "base/settings_values.h"

const struct settings_row SETTINGS_ROWS[SETTINGS__COUNT] = {
#define X(id, name, type, unit, min, max, fallback, secret, choices, help)                         \
    [SETTINGS_##id] = {name, SETTINGS_##type, unit, min, max, fallback, secret, choices, help},
    SETTINGS_TABLE(X)
#undef X
};

/* Known names of the environment that are not settings. */
static const char *const other_names[] = {"AGNOSTIC_CONFIG", "AGNOSTIC_REDIS_SOCKET"};

static long row_named(struct text name) {
    for (long id = 0; id < SETTINGS__COUNT; id++)
        if (text_is(name, SETTINGS_ROWS[id].name))
            return id;
    return -1;
}

void settings_where(const struct settings *settings, unsigned line, char *dst, size_t size) {
    if (line == 0)
        snprintf(dst, size, "environment");
    else
        snprintf(dst, size, "%s line %u", settings->file_name, line);
}

static enum err no_memory(struct fault *fault) {
    return fault_set(fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
}

static void drop_value(struct settings_value *value) {
    if (value->text != NULL)
        secure_wipe(value->text, strlen(value->text));
    free(value->text);
    value->text = NULL;
}

static enum err set_value(struct settings *settings, long id, struct text text, unsigned line,
                          struct fault *fault) {
    struct settings_value *value = &settings->values[id];
    char where[256];
    int64_t number = 0;
    settings_where(settings, line, where, sizeof(where));
    enum err err = settings_check_value(&SETTINGS_ROWS[id], text, &number, where, fault);
    char *copy = err == ERR_OK ? text_dup(text) : NULL;
    if (err == ERR_OK && copy == NULL)
        err = no_memory(fault);
    if (err != ERR_OK)
        return err;
    drop_value(value);
    *value = (struct settings_value){copy, number, true, line};
    return ERR_OK;
}

static enum err set_defaults(struct settings *settings, struct fault *fault) {
    for (long id = 0; id < SETTINGS__COUNT; id++) {
        enum err err = set_value(settings, id, text_of(SETTINGS_ROWS[id].fallback), 0, fault);
        if (err != ERR_OK)
            return err;
        settings->values[id].given = false;
    }
    return ERR_OK;
}

static struct text unquoted(struct text value) {
    bool quoted = value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
    return quoted ? text_make(value.ptr + 1, value.len - 2) : value;
}

static enum err read_line(struct settings *settings, struct text line, unsigned number,
                          struct fault *fault) {
    struct text value = text_trim(line), name;
    if (value.len == 0 || value.ptr[0] == '#')
        return ERR_OK;
    text_cut(&value, '=', &name);
    name = text_trim(name);
    if (value.ptr == NULL)
        return fault_set(fault, ERR_CONFIG, "%s line %u: expected NAME=value", settings->file_name,
                         number);
    long id = row_named(name);
    if (id < 0)
        return fault_set(fault, ERR_CONFIG, "%s line %u: unknown setting \"%.*s\"",
                         settings->file_name, number, TEXT_ARG(text_head(name, 64)));
    if (settings->values[id].given)
        return fault_set(fault, ERR_CONFIG, "%s line %u: %s is set twice (first in line %u)",
                         settings->file_name, number, SETTINGS_ROWS[id].name,
                         settings->values[id].file_line);
    return set_value(settings, id, unquoted(text_trim(value)), number, fault);
}

static enum err read_file(struct settings *settings, struct text file_text, struct fault *fault) {
    struct text rest = file_text, line;
    unsigned number = 0;
    while (text_cut(&rest, '\n', &line)) {
        enum err err = read_line(settings, line, ++number, fault);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static bool is_other_name(struct text name) {
    for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++)
        if (text_is(name, other_names[i]))
            return true;
    return false;
}

static void note_unknown(struct settings *settings, struct text name) {
    if (!text_starts(name, TEXT("AGNOSTIC_")) || is_other_name(name) ||
        settings->unknown_count == SETTINGS_UNKNOWN_MAX)
        return;
    char *copy = text_dup(text_head(name, 64));
    if (copy != NULL)
        settings->unknown[settings->unknown_count++] = copy;
}

static enum err read_environment(struct settings *settings, const char *const *env,
                                 struct fault *fault) {
    for (; env != NULL && *env != NULL; env++) {
        struct text value = text_of(*env), name;
        text_cut(&value, '=', &name);
        long id = row_named(name);
        if (id < 0)
            note_unknown(settings, name);
        enum err err =
            id < 0 || value.ptr == NULL ? ERR_OK : set_value(settings, id, value, 0, fault);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err settings_read(struct text file_text, const char *file_name, const char *const *env,
                       struct settings **ret_settings, struct fault *ret_fault) {
    struct settings *settings = calloc(1, sizeof(*settings));
    if (settings == NULL)
        return no_memory(ret_fault);
    settings->file_name = file_name;
    enum err err = set_defaults(settings, ret_fault);
    if (err == ERR_OK)
        err = read_file(settings, file_text, ret_fault);
    if (err == ERR_OK)
        err = read_environment(settings, env, ret_fault);
    if (err == ERR_OK)
        err = settings_check_all(settings, ret_fault);
    if (err != ERR_OK) {
        settings_free(settings);
        return err;
    }
    settings->file_name = NULL;
    *ret_settings = settings;
    return ERR_OK;
}

void settings_free(struct settings *settings) {
    if (settings == NULL)
        return;
    for (size_t id = 0; id < SETTINGS__COUNT; id++)
        drop_value(&settings->values[id]);
    for (size_t i = 0; i < settings->unknown_count; i++)
        free(settings->unknown[i]);
    free(settings->file);
    free(settings);
}

const char *settings_text(const struct settings *settings, enum settings_id id) {
    return settings->values[id].text;
}

int64_t settings_int(const struct settings *settings, enum settings_id id) {
    return settings->values[id].number;
}

bool settings_is(const struct settings *settings, enum settings_id id, const char *choice) {
    return text_is(text_of(choice), settings->values[id].text);
}

void settings_unknown(const struct settings *settings, void (*visit)(void *ctx, const char *name),
                      void *ctx) {
    for (size_t i = 0; i < settings->unknown_count; i++)
        visit(ctx, settings->unknown[i]);
}

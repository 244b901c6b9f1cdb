/* settings_check: what each setting may be. Knows the table and the grammars of base, not
 * where a value came from. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/allow.h"
#include "agnostic/base/url.h"
#include "base/settings_values.h"

/* --- one value by its row ------------------------------------------------------ */

static bool check_text(const struct settings_row *row, struct text text) {
    bool unset = text.len == 0 && row->fallback[0] == '\0';
    bool has_nul = text_find(text, text_make("", 1)) >= 0;
    return unset || (!has_nul && text_is_utf8(text) && (int64_t)text.len >= row->min &&
                     (int64_t)text.len <= row->max);
}

static bool check_int(const struct settings_row *row, struct text text, int64_t *ret_number) {
    uint64_t n;
    if (!text_u64(text, (uint64_t)row->max, &n) || (int64_t)n < row->min)
        return false;
    *ret_number = (int64_t)n;
    return true;
}

static bool check_bool(struct text text, int64_t *ret_number) {
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"yes", true}, {"no", false},  {"true", true}, {"false", false},
                 {"on", true},  {"off", false}, {"1", true},    {"0", false}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_ieq(text, text_of(words[i].word))) {
            *ret_number = words[i].value;
            return true;
        }
    return false;
}

static bool check_choice(const struct settings_row *row, struct text text) {
    struct text rest = text_of(row->choices), choice;
    while (text_cut(&rest, '|', &choice))
        if (text_eq(text, choice))
            return true;
    return false;
}

enum err settings_check_value(const struct settings_row *row, struct text text, int64_t *ret_number,
                              const char *where, struct fault *fault) {
    switch (row->type) {
    case SETTINGS_TEXT:
        if (check_text(row, text))
            return ERR_OK;
        return fault_set(fault, ERR_CONFIG,
                         "%s: %s must be UTF-8 of %" PRId64 " to %" PRId64 " bytes", where,
                         row->name, row->min, row->max);
    case SETTINGS_INT:
        if (check_int(row, text, ret_number))
            return ERR_OK;
        return fault_set(fault, ERR_CONFIG,
                         "%s: %s must be a whole number from %" PRId64 " to %" PRId64 " (%s)",
                         where, row->name, row->min, row->max, row->unit);
    case SETTINGS_BOOL:
        if (check_bool(text, ret_number))
            return ERR_OK;
        return fault_set(fault, ERR_CONFIG, "%s: %s must be yes or no", where, row->name);
    default:
        if (check_choice(row, text))
            return ERR_OK;
        return fault_set(fault, ERR_CONFIG, "%s: %s must be one of %s", where, row->name,
                         row->choices);
    }
}

/* --- grammars ------------------------------------------------------------------ */

static enum err check_allow(const char *value, bool with_flags, struct fault *fault) {
    struct allow *allow;
    enum err err = allow_parse(text_of(value), with_flags, &allow, fault);
    if (err == ERR_OK)
        allow_free(allow);
    return err;
}

static enum err check_target_allow(const char *value, struct fault *fault) {
    return check_allow(value, true, fault);
}

static enum err check_webhook_allow(const char *value, struct fault *fault) {
    return check_allow(value, false, fault);
}

/* All attempts of a callback fall into the 24 h that its record lives. */
static enum err check_schedule(const char *value, struct fault *fault) {
    enum { ATTEMPTS_MAX = 16, ALL_MAX_S = 72000 };
    struct text rest = text_of(value), part;
    uint64_t s, all_s = 0;
    for (size_t i = 0; text_cut(&rest, ',', &part); i++) {
        if (i == ATTEMPTS_MAX || !text_u64(text_trim(part), i == 0 ? 0 : ALL_MAX_S, &s) ||
            (all_s += s) > ALL_MAX_S)
            return fault_set(fault, ERR_CONFIG,
                             "must be 1 to %d whole numbers, the first 0, %d in all", ATTEMPTS_MAX,
                             ALL_MAX_S);
    }
    return ERR_OK;
}

/* An origin is compared byte by byte, so it must be written as browsers send it. */
static enum err check_origin(struct text origin, struct fault *fault) {
    long scheme = text_find(origin, TEXT("://"));
    struct text rest = scheme < 1
                           ? text_make("", 0)
                           : text_make(origin.ptr + scheme + 3, origin.len - (size_t)scheme - 3);
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] <= ' ' || rest.ptr[i] == '/' || rest.ptr[i] == '*')
            rest.len = 0;
    if (rest.len > 0)
        return ERR_OK;
    return fault_set(fault, ERR_CONFIG,
                     "\"%.*s\" is no origin (scheme://host[:port], no path, no \"*\")",
                     TEXT_ARG(text_head(origin, 256)));
}

static enum err check_origins(const char *value, struct fault *fault) {
    struct text rest = text_trim(text_of(value)), origin;
    enum err err = ERR_OK;
    while (rest.len > 0 && err == ERR_OK && text_cut(&rest, ',', &origin))
        err = check_origin(text_trim(origin), fault);
    return err;
}

static enum err check_folders(const char *value, struct fault *fault) {
    struct text rest = text_of(value), folder;
    while (value[0] != '\0' && text_cut(&rest, ':', &folder))
        if (folder.len == 0 || folder.ptr[0] != '/')
            return fault_set(fault, ERR_CONFIG, "\"%.*s\" is not an absolute path",
                             TEXT_ARG(text_head(folder, 256)));
    return ERR_OK;
}

static enum err check_url(const char *value, struct fault *fault) {
    struct url url;
    return url_parse(text_of(value), &url, fault);
}

/* The end of the path is ours. */
static enum err check_endpoint(const char *value, struct fault *fault) {
    struct url url;
    if (value[0] == '\0')
        return ERR_OK;
    enum err err = url_parse(text_of(value), &url, fault);
    if (err == ERR_OK && (url.query.ptr != NULL || strchr(value, '#') != NULL))
        err = fault_set(fault, ERR_CONFIG, "must have neither query nor fragment");
    return err;
}

static const struct {
    enum settings_id id;
    enum err (*check)(const char *value, struct fault *fault);
} grammars[] = {
    {SETTINGS_TARGET_ALLOW, check_target_allow},
    {SETTINGS_WEBHOOK_ALLOW, check_webhook_allow},
    {SETTINGS_CORS_ORIGINS, check_origins},
    {SETTINGS_AGENTS_DIR, check_folders},
    {SETTINGS_RUN_DIR, check_folders},
    {SETTINGS_URL, check_url},
    {SETTINGS_WEBHOOK_SCHEDULE_S, check_schedule},
    {SETTINGS_LLM_URL, check_endpoint},
};

static enum err check_grammars(const struct settings *settings, struct fault *fault) {
    struct fault why;
    char where[256];
    for (size_t i = 0; i < sizeof(grammars) / sizeof(grammars[0]); i++) {
        const struct settings_value *value = &settings->values[grammars[i].id];
        enum err err = grammars[i].check(value->text, &why);
        if (err == ERR_OK)
            continue;
        settings_where(settings, value->file_line, where, sizeof(where));
        return fault_set(fault, err == ERR_NOMEM ? ERR_NOMEM : ERR_CONFIG, "%s: %s: %.200s", where,
                         settings_name(grammars[i].id), why.text);
    }
    return ERR_OK;
}

/* --- values that depend on each other ------------------------------------------- */

/* Short leases are legal, so the unset beat follows the lease: three chances to renew it. */
static enum err check_beat(struct settings *settings, struct fault *fault) {
    struct settings_value *lease = &settings->values[SETTINGS_LEASE_MS];
    struct settings_value *beat = &settings->values[SETTINGS_BEAT_MS];
    if (!beat->given && lease->given && beat->number > lease->number / 3) {
        char *text = NULL;
        beat->number = lease->number / 3;
        if (asprintf(&text, "%" PRId64, beat->number) < 0)
            return fault_set(fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
        free(beat->text);
        beat->text = text;
    }
    if (beat->number <= lease->number / 2)
        return ERR_OK;
    return fault_set(fault, ERR_CONFIG, "%s must be at most half of %s",
                     settings_name(SETTINGS_BEAT_MS), settings_name(SETTINGS_LEASE_MS));
}

/* Nobody on the way may read a key. */
static bool is_private_way(const struct url *url) {
    struct addr addr;
    if (url->tls || strcmp(url->host, "localhost") == 0)
        return true;
    return url->host_is_ip && addr_parse(text_of(url->host), &addr) &&
           addr_classify(&addr) == ADDR_LOOPBACK;
}

static enum err check_model(const struct settings *settings, struct fault *fault) {
    const struct settings_value *values = settings->values;
    struct url url;
    if (values[SETTINGS_LLM_URL].text[0] == '\0')
        return ERR_OK;
    if (values[SETTINGS_LLM_MODEL].text[0] == '\0')
        return fault_set(fault, ERR_CONFIG, "%s needs %s", settings_name(SETTINGS_LLM_URL),
                         settings_name(SETTINGS_LLM_MODEL));
    enum err err = url_parse(text_of(values[SETTINGS_LLM_URL].text), &url, fault);
    if (err == ERR_OK && values[SETTINGS_LLM_KEY_FILE].text[0] != '\0' && !is_private_way(&url))
        err = fault_set(fault, ERR_CONFIG, "%s: the key of %s is sent over https only",
                        settings_name(SETTINGS_LLM_URL), settings_name(SETTINGS_LLM_KEY_FILE));
    return err;
}

enum err settings_check_all(struct settings *settings, struct fault *fault) {
    enum err err = check_beat(settings, fault);
    if (err == ERR_OK)
        err = check_grammars(settings, fault);
    return err == ERR_OK ? check_model(settings, fault) : err;
}

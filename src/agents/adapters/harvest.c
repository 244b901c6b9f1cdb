/* Collects judgements by check and component. Knows no tool and no format. */
#include "agents/adapters/harvest.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/registry.h"
#include "agnostic/base/secure.h"
#include "agnostic/task/role.h"

enum { ID_SIZE = 100, PREFIX_MAX = 32, SUM_SIZE = 9, WORD_SIZE = 200, INSTANCE_SIZE = 512 };

/* The texts of a check that only the tool knows. */
struct foreign_texts {
    char id[ID_SIZE], title[WORD_SIZE], cwe[32], vector[64], reference[HARVEST_TEXT_SIZE];
    char description[HARVEST_TEXT_SIZE], remediation[HARVEST_TEXT_SIZE];
    struct rule rule; /* made of them */
};

struct entry {
    const struct rule *rule;
    struct foreign_texts *foreign; /* owned; NULL: it is one of our catalogue */
    struct judgement judgement;
};

struct harvest {
    const struct harvest_place *place;
    struct entry *entries[HARVEST_MAX];
    size_t count, dropped;
    bool incomplete;
};

enum err harvest_new(const struct harvest_place *place, struct harvest **ret_harvest) {
    struct harvest *harvest = calloc(1, sizeof(*harvest));
    if (harvest == NULL)
        return ERR_NOMEM;
    harvest->place = place;
    *ret_harvest = harvest;
    return ERR_OK;
}

void harvest_free(struct harvest *harvest) {
    if (harvest == NULL)
        return;
    for (size_t i = 0; i < harvest->count; i++) {
        judgement_done(&harvest->entries[i]->judgement);
        free(harvest->entries[i]->foreign);
        free(harvest->entries[i]);
    }
    free(harvest);
}

const struct harvest_place *harvest_place(const struct harvest *harvest) {
    return harvest->place;
}

/* --- entries --------------------------------------------------------------------------------- */

static struct entry *harvest_find(const struct harvest *harvest, const char *id,
                                  const char *component) {
    for (size_t i = 0; i < harvest->count; i++)
        if (strcmp(harvest->entries[i]->rule->id, id) == 0 &&
            strcmp(harvest->entries[i]->judgement.component, component) == 0)
            return harvest->entries[i];
    return NULL;
}

static struct entry *harvest_add(struct harvest *harvest, const char *component) {
    struct entry *entry =
        harvest->count < HARVEST_MAX ? calloc(1, sizeof(*entry)) : (struct entry *)NULL;
    if (entry == NULL) {
        harvest->dropped++;
        return NULL;
    }
    judgement_init(&entry->judgement);
    judgement_not_tested(&entry->judgement, "not_reported");
    snprintf(entry->judgement.component, sizeof(entry->judgement.component), "%s", component);
    buf_puts(&entry->judgement.reproduce, harvest->place->reproduce);
    harvest->entries[harvest->count++] = entry;
    return entry;
}

/* The component of what is said of the target as a whole. */
static void harvest_origin(const struct harvest *harvest, char *dst, size_t size) {
    if (harvest->place->has_target)
        url_origin(&harvest->place->url, dst, size);
    else
        snprintf(dst, size, "%s", harvest->place->tool);
}

static const struct rule *harvest_catalogue(const char *id) {
    struct agent_row row;
    const struct rule *rule;
    if (!registry_find(role_name(ROLE_SECURITY_COMPLIANCE), &row))
        return NULL;
    for (size_t i = 0; (rule = row.rule(i)) != NULL; i++)
        if (strcmp(rule->id, id) == 0)
            return rule;
    return NULL;
}

struct judgement *harvest_rule(struct harvest *harvest, const char *id) {
    char origin[JUDGEMENT_COMPONENT_SIZE];
    const struct rule *rule = harvest_catalogue(id);
    if (rule == NULL || (rule->mode == RULE_ACTIVE && !harvest->place->active))
        return NULL;
    harvest_origin(harvest, origin, sizeof(origin));
    struct entry *entry = harvest_find(harvest, id, origin);
    if (entry == NULL && (entry = harvest_add(harvest, origin)) != NULL)
        entry->rule = rule;
    return entry != NULL ? &entry->judgement : NULL;
}

/* --- what only the tool knows ---------------------------------------------------------------- */

/* A text of the tool, cut to what fits without splitting a character. */
static const char *foreign_keep(struct text t, char *dst, size_t size) {
    size_t len = t.len < size ? t.len : size - 1;
    while (len < t.len && len > 0 && ((unsigned char)t.ptr[len] & 0xC0) == 0x80)
        len--;
    if (len > 0)
        memcpy(dst, t.ptr, len);
    dst[len] = '\0';
    return len > 0 ? dst : NULL;
}

static size_t foreign_word(struct text t, char *dst, size_t size) {
    size_t len = 0;
    for (; len < t.len && len < size; len++)
        dst[len] = isalnum((unsigned char)t.ptr[len]) ? t.ptr[len] : '-';
    return len;
}

/* Whether too little of it would be left in an id to tell it from others. */
static bool foreign_is_lossy(struct text id, size_t room) {
    for (size_t i = 0; i < id.len; i++)
        if ((unsigned char)id.ptr[i] >= 0x80)
            return true;
    return id.len > room;
}

static void foreign_id(struct text prefix, struct text id, char dst[static ID_SIZE]) {
    size_t len = foreign_word(prefix, dst, PREFIX_MAX);
    dst[len++] = '-';
    size_t room = ID_SIZE - 1 - len;
    bool is_lossy = foreign_is_lossy(id, room);
    len += foreign_word(id, dst + len, is_lossy ? room - SUM_SIZE : room);
    dst[len] = '\0';
    if (is_lossy)
        snprintf(dst + len, ID_SIZE - len, "-%08x", secure_crc32(id));
}

static struct foreign_texts *foreign_make(const char *id, const struct harvest_foreign *foreign) {
    struct foreign_texts *texts = calloc(1, sizeof(*texts));
    if (texts == NULL)
        return NULL;
    snprintf(texts->id, sizeof(texts->id), "%s", id);
    texts->rule = (struct rule){
        .id = texts->id,
        .mode = RULE_SAFE,
        .cwe = foreign_keep(foreign->cwe, texts->cwe, sizeof(texts->cwe)),
        .standards = "",
        .description =
            foreign_keep(foreign->description, texts->description, sizeof(texts->description)),
        .remediation =
            foreign_keep(foreign->remediation, texts->remediation, sizeof(texts->remediation)),
        .reference = foreign_keep(foreign->reference, texts->reference, sizeof(texts->reference)),
        .variants = {{.vector = foreign_keep(foreign->vector, texts->vector, sizeof(texts->vector)),
                      .title = foreign_keep(foreign->title, texts->title, sizeof(texts->title))}},
        .category = RULE_SECURITY};
    if (texts->rule.variants[0].title == NULL)
        texts->rule.variants[0].title = texts->id;
    if (!rule_rated(&texts->rule, 0))
        texts->rule.variants[0].vector = severity_word(foreign->severity);
    return texts;
}

static struct entry *harvest_add_foreign(struct harvest *harvest, const char *id,
                                         const char *component,
                                         const struct harvest_foreign *foreign) {
    struct foreign_texts *texts = foreign_make(id, foreign);
    struct entry *entry = texts != NULL ? harvest_add(harvest, component) : NULL;
    if (entry == NULL) {
        free(texts);
        return NULL;
    }
    entry->foreign = texts;
    entry->rule = &texts->rule;
    return entry;
}

struct judgement *harvest_foreign(struct harvest *harvest, const struct harvest_foreign *foreign) {
    char id[ID_SIZE], component[JUDGEMENT_COMPONENT_SIZE];
    foreign_id(foreign->prefix.ptr != NULL ? foreign->prefix : text_of(harvest->place->prefix),
               foreign->id, id);
    if (foreign->component.len > 0)
        foreign_keep(foreign->component, component, sizeof(component));
    else
        harvest_origin(harvest, component, sizeof(component));
    struct entry *entry = harvest_find(harvest, id, component);
    if (entry == NULL)
        entry = harvest_add_foreign(harvest, id, component, foreign);
    else if (entry->foreign != NULL && !rule_rated(entry->rule, 0) &&
             foreign->severity < rule_severity(entry->rule, 0))
        entry->foreign->rule.variants[0].vector = severity_word(foreign->severity);
    return entry != NULL ? &entry->judgement : NULL;
}

/* --- filling --------------------------------------------------------------------------------- */

void harvest_fault(struct judgement *judgement, size_t variant, const char *format, ...) {
    char note[INSTANCE_SIZE];
    va_list args;
    if (judgement == NULL)
        return;
    va_start(args, format);
    vsnprintf(note, sizeof(note), format, args);
    va_end(args);
    judgement_fault(judgement, variant, judgement->component, "%s", note);
}

void harvest_pass(struct judgement *judgement) {
    if (judgement != NULL)
        judgement_pass(judgement);
}

void harvest_incomplete(struct harvest *harvest) {
    harvest->incomplete = true;
}

bool harvest_is_incomplete(const struct harvest *harvest) {
    return harvest->incomplete;
}

size_t harvest_dropped(const struct harvest *harvest) {
    return harvest->dropped;
}

bool harvest_has_faults(const struct harvest *harvest) {
    for (size_t i = 0; i < harvest->count; i++)
        if (harvest->entries[i]->judgement.status == JUDGEMENT_FAILED)
            return true;
    return false;
}

void harvest_tell(struct harvest *harvest, struct lines *lines) {
    const struct rule *rules[HARVEST_MAX];
    for (size_t i = 0; i < harvest->count; i++)
        rules[i] = harvest->entries[i]->rule;
    lines_plan(lines, &(struct lines_plan){.planned = rules, .planned_count = harvest->count});
    for (size_t i = 0; i < harvest->count; i++)
        lines_judgement(lines, harvest->entries[i]->rule, &harvest->entries[i]->judgement,
                        harvest->place->non_public);
}

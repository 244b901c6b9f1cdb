/* The ids and titles of the checks that exist. Knows no check. */
#include "agnostic/task/check_list.h"

#include <stdlib.h>

#include "agnostic/base/json.h"

enum { VARIANTS_MAX = 8 };

struct variant {
    char *title;
    enum severity severity;
};

struct check_list {
    struct check {
        char *id;
        struct variant variants[VARIANTS_MAX]; /* the gravest first */
        size_t count;
    } checks[CHECK_LIST_MAX];
    size_t count;
};

static enum err add_variant(struct check *check, const struct json *variant) {
    struct text title, severity;
    struct variant *own = &check->variants[check->count];
    if (!json_text(json_get(variant, "title"), &title) ||
        !json_text(json_get(variant, "severity"), &severity) ||
        !severity_read(severity, &own->severity))
        return ERR_SYNTAX;
    own->title = text_dup(title);
    check->count += own->title != NULL;
    return own->title != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err add_check(struct check_list *list, const struct json *line) {
    const struct json *variants = json_get(line, "variants");
    struct text id;
    if (!json_text(json_get(line, "id"), &id) || id.len == 0 || id.len > CHECK_LIST_ID_MAX_BYTES ||
        check_list_find(list, id, &(size_t){0}) || list->count == CHECK_LIST_MAX ||
        json_count(variants) == 0 || json_count(variants) > VARIANTS_MAX)
        return ERR_SYNTAX;
    struct check *check = &list->checks[list->count];
    check->id = text_dup(id);
    if (check->id == NULL)
        return ERR_NOMEM;
    list->count++;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_count(variants); i++)
        err = add_variant(check, json_at(variants, i));
    return err;
}

static enum err add_line(struct check_list *list, struct text line) {
    struct json *root = NULL;
    if (text_trim(line).len == 0)
        return ERR_OK;
    enum err err = json_parse(line, &JSON_LIMITS_REQUEST, &root, NULL);
    if (err == ERR_OK)
        err = add_check(list, root);
    json_free(root);
    return err;
}

enum err check_list_read(struct text lines, struct check_list **ret_list) {
    struct check_list *list = calloc(1, sizeof(*list));
    struct text line;
    enum err err = list != NULL ? ERR_OK : ERR_NOMEM;
    while (err == ERR_OK && lines.ptr != NULL && text_cut(&lines, '\n', &line))
        err = add_line(list, line);
    if (err == ERR_OK && list->count == 0)
        err = ERR_SYNTAX;
    if (err == ERR_OK)
        *ret_list = list;
    else
        check_list_free(list);
    return err;
}

void check_list_free(struct check_list *list) {
    if (list == NULL)
        return;
    for (size_t i = 0; i < list->count; i++) {
        for (size_t v = 0; v < list->checks[i].count; v++)
            free(list->checks[i].variants[v].title);
        free(list->checks[i].id);
    }
    free(list);
}

size_t check_list_count(const struct check_list *list) {
    return list->count;
}

const char *check_list_id(const struct check_list *list, size_t index) {
    return list->checks[index].id;
}

const char *check_list_title(const struct check_list *list, size_t index, enum severity severity) {
    const struct check *check = &list->checks[index];
    for (size_t v = 0; v < check->count; v++)
        if (check->variants[v].severity == severity)
            return check->variants[v].title;
    return check->variants[0].title;
}

bool check_list_find(const struct check_list *list, struct text id, size_t *ret_index) {
    for (size_t i = 0; i < list->count; i++) {
        if (text_is(id, list->checks[i].id)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool check_list_begins(const struct check_list *list, struct text start) {
    for (size_t i = 0; i < list->count; i++)
        if (text_starts(text_of(list->checks[i].id), start))
            return true;
    return false;
}

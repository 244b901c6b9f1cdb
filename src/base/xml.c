/* xml: the tree. The only file that knows expat; expat sees the bytes first, we count what it
 * makes of them. */
#include "agnostic/base/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/buf.h"

const struct xml_limits XML_LIMITS = {32, 200000, 32 << 20};

struct xml {
    struct xml *parent, *first, *last, *next;
    char *name;
    char **attributes; /* name, value, ..., NULL */
    struct buf text;
};

/* One reading. */
struct reading {
    XML_Parser parser;
    const struct xml_limits *limits;
    struct xml *root, *open;
    unsigned depth, elements;
    size_t bytes;
    enum err err;
    const char *why;
};

static void give_up(struct reading *reading, enum err err, const char *why) {
    if (reading->err == ERR_OK) {
        reading->err = err;
        reading->why = why;
    }
    XML_StopParser(reading->parser, XML_FALSE);
}

/* A copy of bytes that still fits; NULL when it does not. */
static char *keep(struct reading *reading, const char *string) {
    size_t len = strlen(string);
    if (len > reading->limits->bytes - reading->bytes) {
        give_up(reading, ERR_TOO_LARGE, "too many bytes");
        return NULL;
    }
    reading->bytes += len;
    char *copy = text_dup(text_make(string, len));
    if (copy == NULL)
        give_up(reading, ERR_NOMEM, "out of memory");
    return copy;
}

static bool keep_attributes(struct reading *reading, struct xml *element, const char **attributes) {
    size_t count = 0;
    while (attributes[count] != NULL)
        count++;
    element->attributes = calloc(count + 1, sizeof(char *));
    if (element->attributes == NULL)
        give_up(reading, ERR_NOMEM, "out of memory");
    for (size_t i = 0; element->attributes != NULL && i < count; i++)
        if ((element->attributes[i] = keep(reading, attributes[i])) == NULL)
            return false;
    return element->attributes != NULL;
}

static void append(struct reading *reading, struct xml *element) {
    struct xml *parent = reading->open;
    element->parent = parent;
    if (parent == NULL)
        reading->root = element;
    else if (parent->last == NULL)
        parent->first = element;
    else
        parent->last->next = element;
    if (parent != NULL)
        parent->last = element;
    reading->open = element;
}

static void on_start(void *ctx, const char *name, const char **attributes) {
    struct reading *reading = ctx;
    if (reading->err != ERR_OK)
        return;
    if (reading->depth == reading->limits->depth ||
        reading->elements == reading->limits->elements) {
        give_up(reading, ERR_TOO_LARGE, "too many elements, or too deep");
        return;
    }
    struct xml *element = calloc(1, sizeof(*element));
    if (element == NULL) {
        give_up(reading, ERR_NOMEM, "out of memory");
        return;
    }
    buf_init(&element->text, reading->limits->bytes);
    append(reading, element);
    reading->depth++;
    reading->elements++;
    element->name = keep(reading, name);
    if (element->name != NULL)
        keep_attributes(reading, element, attributes);
}

static void on_end(void *ctx, const char *name) {
    struct reading *reading = ctx;
    (void)name;
    if (reading->err != ERR_OK)
        return;
    reading->open = reading->open->parent;
    reading->depth--;
}

static void on_text(void *ctx, const char *bytes, int len) {
    struct reading *reading = ctx;
    if (reading->err != ERR_OK || reading->open == NULL)
        return;
    if ((size_t)len > reading->limits->bytes - reading->bytes) {
        give_up(reading, ERR_TOO_LARGE, "too many bytes");
        return;
    }
    reading->bytes += (size_t)len;
    buf_put(&reading->open->text, bytes, (size_t)len);
    if (reading->open->text.failed)
        give_up(reading, ERR_NOMEM, "out of memory");
}

/* Nothing that we read needs entities of its own, and bombs are made of them. */
static void on_entity(void *ctx, const char *name, int is_parameter, const char *value, int len,
                      const char *base, const char *system, const char *public,
                      const char *notation) {
    (void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system, (void)public,
        (void)notation;
    give_up(ctx, ERR_SYNTAX, "it declares an entity");
}

static enum err read_all(struct reading *reading, struct text text, struct fault *fault) {
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading->parser, on_text);
    XML_SetEntityDeclHandler(reading->parser, on_entity);
    if (XML_Parse(reading->parser, text.ptr, (int)text.len, XML_TRUE) == XML_STATUS_OK &&
        reading->err == ERR_OK)
        return ERR_OK;
    enum XML_Error error = XML_GetErrorCode(reading->parser);
    if (reading->err == ERR_OK) {
        reading->err = error == XML_ERROR_NO_MEMORY ? ERR_NOMEM : ERR_SYNTAX;
        reading->why = XML_ErrorString(error);
    }
    return fault_set(fault, reading->err, "not XML that can be read: %s (line %lu)", reading->why,
                     (unsigned long)XML_GetCurrentLineNumber(reading->parser));
}

enum err xml_parse(struct text text, const struct xml_limits *limits, struct xml **ret_root,
                   struct fault *ret_fault) {
    struct reading reading = {.limits = limits};
    if (text.len > INT32_MAX)
        return fault_set(ret_fault, ERR_TOO_LARGE, "not XML that can be read: too many bytes");
    reading.parser = XML_ParserCreate(NULL);
    if (reading.parser == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    enum err err = read_all(&reading, text, ret_fault);
    XML_ParserFree(reading.parser);
    if (err == ERR_OK)
        *ret_root = reading.root;
    else
        xml_free(reading.root);
    return err;
}

static void element_free(struct xml *element) {
    for (size_t i = 0; element->attributes != NULL && element->attributes[i] != NULL; i++)
        free(element->attributes[i]);
    free(element->attributes);
    free(element->name);
    buf_done(&element->text);
    free(element);
}

/* Leaves first, upwards by the parents: no recursion. */
void xml_free(struct xml *root) {
    struct xml *element = root;
    while (element != NULL) {
        struct xml *child = element->first;
        if (child != NULL) {
            element->first = child->next;
            element = child;
            continue;
        }
        struct xml *parent = element == root ? NULL : element->parent;
        element_free(element);
        element = parent;
    }
}

static bool is_named(const struct xml *element, const char *name) {
    return name == NULL || strcmp(element->name, name) == 0;
}

bool xml_is(const struct xml *element, const char *name) {
    return element != NULL && is_named(element, name);
}

static const struct xml *first_of(const struct xml *element, const char *name) {
    while (element != NULL && !is_named(element, name))
        element = element->next;
    return element;
}

const struct xml *xml_child(const struct xml *element, const char *name) {
    return element == NULL ? NULL : first_of(element->first, name);
}

const struct xml *xml_next(const struct xml *element, const char *name) {
    return element == NULL ? NULL : first_of(element->next, name);
}

const char *xml_attribute(const struct xml *element, const char *name) {
    for (size_t i = 0; element != NULL && element->attributes[i] != NULL; i += 2)
        if (strcmp(element->attributes[i], name) == 0)
            return element->attributes[i + 1];
    return "";
}

struct text xml_text(const struct xml *element) {
    return element == NULL ? TEXT("") : text_trim(buf_text(&element->text));
}

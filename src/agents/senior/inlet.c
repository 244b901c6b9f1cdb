/* Finds and fills them. Asks nobody. */
#include "agents/senior/inlet.h"

#include <stdlib.h>
#include <string.h>

#include "agents/form_query.h"
#include "agnostic/probe/canonical.h"

void inlet_done(struct inlets *inlets) {
    while (inlets->count > 0) {
        struct inlet *inlet = &inlets->items[--inlets->count];
        free(inlet->url);
        free(inlet->place);
    }
}

/* The form of the page and the name of the inlet: "/item/{n}?page page". */
static char *inlet_place(const struct url *url, const struct inlet *inlet) {
    struct buf place;
    buf_init(&place, 2 * CANONICAL_MAX_BYTES);
    canonical_template(url, &place);
    buf_printf(&place, " %s", inlet->name);
    char *taken = buf_take(&place);
    buf_done(&place);
    return taken;
}

static bool inlet_is_known(const struct inlets *inlets, const char *place) {
    for (size_t i = 0; i < inlets->count; i++)
        if (strcmp(inlets->items[i].place, place) == 0)
            return true;
    return false;
}

static void inlet_add(struct inlets *inlets, const struct url *url, struct inlet inlet) {
    struct buf whole;
    buf_init(&whole, 2 * URL_MAX_BYTES);
    url_put(url, &whole);
    inlet.place = inlet_place(url, &inlet);
    bool wanted = inlet.place != NULL && !inlet_is_known(inlets, inlet.place);
    bool room = inlets->count < INLETS_MAX;
    inlet.url = wanted && room ? buf_take(&whole) : NULL;
    inlets->omitted += wanted && !room;
    buf_done(&whole);
    if (inlet.url != NULL)
        inlets->items[inlets->count++] = inlet;
    else
        free(inlet.place);
}

/* Does its template number it? As a whole, so that "v2" and "page3.html" are words. */
static bool inlet_is_id(struct text segment) {
    struct buf path, folded;
    buf_init(&path, URL_MAX_BYTES);
    buf_init(&folded, CANONICAL_MAX_BYTES);
    buf_putc(&path, '/');
    buf_puttext(&path, segment);
    struct url url = {.path = buf_text(&path)};
    canonical_template(&url, &folded);
    bool is_id = text_is(buf_text(&folded), "/{n}") || text_is(buf_text(&folded), "/{id}");
    buf_done(&path);
    buf_done(&folded);
    return is_id;
}

void inlet_find(struct inlets *inlets, const struct url *url) {
    struct text path = text_make(url->path.ptr + 1, url->path.len - 1), query = url->query, part;
    for (size_t i = 0; text_cut(&path, '/', &part); i++) {
        struct inlet inlet = {.in_path = true, .index = i};
        if (!inlet_is_id(part))
            continue;
        memcpy(inlet.name, "segment 0", sizeof("segment 0"));
        inlet.name[sizeof("segment ") - 1] = (char)('0' + (i < 9 ? i + 1 : 9));
        inlet_add(inlets, url, inlet);
    }
    for (size_t i = 0; query.ptr != NULL && text_cut(&query, '&', &part); i++) {
        struct inlet inlet = {.in_path = false, .index = i};
        struct text name = form_query_name(part);
        if (name.len > 0 && text_copy(name, inlet.name, sizeof(inlet.name)))
            inlet_add(inlets, url, inlet);
    }
}

static void inlet_put_path(const struct url *url, size_t index, struct text value,
                           struct buf *buf) {
    char origin[URL_HOST_SIZE + 32];
    struct text path = text_make(url->path.ptr + 1, url->path.len - 1), part;
    url_origin(url, origin, sizeof(origin));
    buf_puts(buf, origin);
    for (size_t i = 0; text_cut(&path, '/', &part); i++) {
        if (i == index && value.ptr == NULL)
            continue;
        buf_putc(buf, '/');
        buf_puttext(buf, i == index ? value : part);
    }
    if (buf->len == strlen(origin))
        buf_putc(buf, '/');
    if (url->query.ptr == NULL)
        return;
    buf_putc(buf, '?');
    buf_puttext(buf, url->query);
}

void inlet_put(const struct inlet *inlet, struct text value, struct buf *buf) {
    struct url url;
    if (url_parse(text_of(inlet->url), &url, NULL) != ERR_OK)
        buf->failed = true;
    else if (inlet->in_path)
        inlet_put_path(&url, inlet->index, value, buf);
    else
        form_query_swap(&url, inlet->index, value, buf);
}

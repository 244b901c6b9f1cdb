/* Lists what stands on payment pages, remembers it by digests. Judges nothing. */
#include "agents/security/inventory.h"

#include <stdio.h>
#include <string.h>

#include "agents/history.h"
#include "agents/security/field.h"
#include "agnostic/base/secure.h"

static const char *const GUARDS[] = {"Content-Security-Policy", "Strict-Transport-Security",
                                     "X-Frame-Options",         "X-Content-Type-Options",
                                     "Referrer-Policy",         "Permissions-Policy"};

bool inventory_asks(const struct page *page) {
    size_t count;
    const struct html_field *fields = page->html == NULL ? NULL : html_fields(page->html, &count);
    for (size_t i = 0; fields != NULL && i < count; i++)
        if (field_is_card(&fields[i]))
            return true;
    return false;
}

/* One thing of a page: what it is, and its value. */
static void inventory_add(struct inventory *inventory, const struct page *page, const char *kind,
                          struct text value) {
    struct inventory_item *item = &inventory->items[inventory->count];
    char hex[SECURE_HEX_SIZE];
    struct buf whole;
    if (inventory->count == INVENTORY_MAX) {
        inventory->dropped++;
        return;
    }
    buf_init(&whole, 2 * ANSWER_URL_SIZE + value.len);
    buf_printf(&whole, "%s\n%s\n", page->answer->url_text, kind);
    buf_puttext(&whole, value);
    if (!whole.failed && secure_sha256_hex(buf_text(&whole), hex) == ERR_OK) {
        text_copy(text_make(hex, sizeof(item->digest) - 1), item->digest, sizeof(item->digest));
        snprintf(item->words, sizeof(item->words), "%s: %.*s", kind, JUDGEMENT_VALUE(value));
        inventory->count++;
    }
    buf_done(&whole);
}

/* A nonce is another one each time; that is what it is for. */
static void inventory_add_guard(struct inventory *inventory, const struct page *page,
                                const char *name) {
    struct text rest = answer_header(page->answer, name, 0), word;
    struct buf value;
    buf_init(&value, ANSWER_URL_SIZE * 4);
    while (rest.ptr != NULL && text_cut(&rest, ' ', &word)) {
        if (text_istarts(word, TEXT("'nonce-")))
            word = TEXT("'nonce'");
        buf_puttext(&value, word);
        buf_putc(&value, ' ');
    }
    if (!value.failed)
        inventory_add(inventory, page, name, text_trim(buf_text(&value)));
    buf_done(&value);
}

static void inventory_add_scripts(struct inventory *inventory, const struct page *page) {
    char words[96], hex[SECURE_HEX_SIZE];
    struct page_url found;
    size_t count;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++)
        if (links[i].kind == HTML_SCRIPT && page_resolve(page, links[i].url, &found))
            inventory_add(inventory, page, "script", text_of(found.text));
    const struct text *scripts = html_scripts(page->html, &count);
    for (size_t i = 0; i < count; i++) {
        if (secure_sha256_hex(scripts[i], hex) != ERR_OK)
            continue;
        snprintf(words, sizeof(words), "%zu bytes, sha256:%s", scripts[i].len, hex);
        inventory_add(inventory, page, "inline script", text_of(words));
    }
}

void inventory_take(const struct facts *facts, struct inventory *ret_inventory) {
    *ret_inventory = (struct inventory){0};
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        if (!inventory_asks(page))
            continue;
        ret_inventory->pages++;
        for (size_t k = 0; k < sizeof(GUARDS) / sizeof(GUARDS[0]); k++)
            inventory_add_guard(ret_inventory, page, GUARDS[k]);
        inventory_add_scripts(ret_inventory, page);
    }
}

bool inventory_holds(const struct inventory_before *before, const char *digest) {
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->digests[i], digest) == 0)
            return true;
    return false;
}

static bool inventory_read_session(void *ctx, const char *session, const struct json *memo) {
    struct inventory_before *before = ctx;
    const struct json *list = json_get(memo, "payment_pages");
    if (json_count(list) == 0 ||
        !text_copy(text_of(session), before->session, sizeof(before->session)))
        return true;
    for (size_t i = 0; i < json_count(list) && before->count < INVENTORY_MAX; i++)
        if (text_copy(text_of(json_str(json_at(list, i), "")), before->digests[before->count],
                      sizeof(before->digests[0])))
            before->count++;
    return false;
}

enum err inventory_read(const char *path, const char *agent, struct inventory_before *ret_before) {
    *ret_before = (struct inventory_before){0};
    return history_each(path, agent, inventory_read_session, ret_before);
}

void inventory_put_memo(const struct inventory *inventory, struct json_out *out) {
    json_out_object(out);
    json_out_name(out, "payment_pages");
    json_out_array(out);
    for (size_t i = 0; i < inventory->count; i++)
        json_out_str(out, inventory->items[i].digest);
    json_out_end_array(out);
    json_out_end_object(out);
}

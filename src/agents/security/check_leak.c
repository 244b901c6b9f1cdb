/* What pages hold that nobody outside should have. Secrets are never repeated whole. */
#include "agents/evidence.h"
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/need.h"
#include "agents/security/number.h"
#include "agents/security/script.h"
#include "agents/security/secret.h"

enum { COMMENT_SECRET = 0, COMMENT_REMARK = 1 };

/* Which part of a page a text is. */
enum leak_part { LEAK_TEXT, LEAK_COMMENT, LEAK_SCRIPT, LEAK_DATA };
typedef void (*leak_rule)(const struct page *page, enum leak_part part, struct text text,
                          struct judgement *judgement);

static void check_leak_texts(const struct page *page, enum leak_part part, const struct text *texts,
                             size_t count, struct judgement *judgement, leak_rule rule) {
    for (size_t i = 0; i < count; i++)
        rule(page, part, texts[i], judgement);
}

static void check_leak_html(const struct page *page, struct judgement *judgement, leak_rule rule) {
    size_t count;
    const struct text *texts = html_comments(page->html, &count);
    rule(page, LEAK_TEXT, html_text(page->html), judgement);
    check_leak_texts(page, LEAK_COMMENT, texts, count, judgement, rule);
    texts = html_scripts(page->html, &count);
    check_leak_texts(page, LEAK_SCRIPT, texts, count, judgement, rule);
}

/* Part of a page that is no HTML: LEAK_TEXT for what nobody reads as text. */
static bool check_leak_media(const struct page *page, enum leak_part *ret_part) {
    static const struct {
        const char *type;
        enum leak_part part;
    } TYPES[] = {
        {"text/javascript", LEAK_SCRIPT},
        {"application/javascript", LEAK_SCRIPT},
        {"application/x-javascript", LEAK_SCRIPT},
        {"application/json", LEAK_DATA},
        {"application/manifest+json", LEAK_DATA},
        {"application/xml", LEAK_DATA},
        {"text/xml", LEAK_DATA},
        {"text/plain", LEAK_TEXT},
        {"text/csv", LEAK_TEXT},
    };
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        if (!answer_media_is(page->answer, TYPES[i].type))
            continue;
        *ret_part = TYPES[i].part;
        return true;
    }
    return false;
}

/* rule over every text of every page. */
static void check_leak_each(const struct facts *facts, struct judgement *judgement,
                            leak_rule rule) {
    enum leak_part part;
    if (!need_page(facts, judgement))
        return;
    if (facts->is_html && facts->html == NULL)
        judgement_not_tested(judgement, "page_not_parsable");
    else
        content_settle(facts, judgement);
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        if (page->html != NULL)
            check_leak_html(page, judgement, rule);
        else if (!page->is_html && check_leak_media(page, &part))
            rule(page, part, buf_text(&page->answer->response.body), judgement);
    }
}

static void check_leak_tell(const struct page *page, struct judgement *judgement, size_t variant,
                            const struct secret *found, const char *where) {
    content_show(page, judgement, variant, found->sign);
    judgement_fault(judgement, variant, page->answer->url_text, "%s in %s: %s", found->what, where,
                    evidence_hint(found->text).text);
}

static void check_leak_find(const struct page *page, struct text text, struct judgement *judgement,
                            secret_finder finder, const char *where) {
    struct secret found;
    for (size_t at = 0; finder(text, &at, &found);)
        check_leak_tell(page, judgement, 0, &found, where);
}

/* --- internal addresses --------------------------------------------------------------------- */

static void check_leak_address_in(const struct page *page, enum leak_part part, struct text text,
                                  struct judgement *judgement) {
    bool data = part == LEAK_SCRIPT || part == LEAK_DATA;
    struct secret found;
    for (size_t at = 0; (data ? number_address_in_data : number_address)(text, &at, &found);) {
        content_show(page, judgement, 0, found.sign);
        judgement_fault(judgement, 0, page->answer->url_text, "An internal address: %.*s",
                        JUDGEMENT_VALUE(found.text));
    }
}

static void check_leak_address_link(const struct page *page, const struct html_link *link,
                                    const struct page_url *found, struct judgement *judgement) {
    size_t at = 0;
    struct secret address;
    if (number_address(text_of(found->url.host), &at, &address))
        content_fault(page, judgement, 0, link, "A link to an internal address", found);
}

void check_leak_address(const struct facts *facts, struct judgement *judgement) {
    if (facts->non_public) {
        judgement_skip(judgement, "non_public_target");
        return;
    }
    check_leak_each(facts, judgement, check_leak_address_in);
    if (facts->html != NULL)
        content_each_link(facts, judgement, check_leak_address_link);
}

/* --- comments ------------------------------------------------------------------------------- */

static bool check_leak_is_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The words for unfinished work. */
static struct text check_leak_remark(struct text comment) {
    static const char *const WORDS[] = {"TO"
                                        "DO",
                                        "FIX"
                                        "ME"};
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        long at = text_find(comment, text_of(WORDS[i]));
        size_t end = at < 0 ? 0 : (size_t)at + text_of(WORDS[i]).len;
        if (at >= 0 && (at == 0 || !check_leak_is_word(comment.ptr[at - 1])) &&
            (end == comment.len || !check_leak_is_word(comment.ptr[end])))
            return text_of(WORDS[i]);
    }
    return text_make(NULL, 0);
}

static void check_leak_comment(const struct page *page, struct text comment,
                               struct judgement *judgement) {
    check_leak_find(page, comment, judgement, secret_token, "a comment");
    check_leak_find(page, comment, judgement, secret_assignment, "a comment");
    struct text remark = check_leak_remark(comment);
    if (remark.ptr == NULL)
        return;
    content_show(page, judgement, COMMENT_REMARK, remark);
    judgement_fault(judgement, COMMENT_REMARK, page->answer->url_text, "A comment says %.*s",
                    TEXT_ARG(remark));
}

static void check_leak_comments_in(const struct page *page, enum leak_part part, struct text text,
                                   struct judgement *judgement) {
    struct text comment;
    if (part == LEAK_COMMENT)
        check_leak_comment(page, text, judgement);
    while (part == LEAK_SCRIPT && script_comment(&text, &comment))
        check_leak_comment(page, comment, judgement);
}

void check_leak_comments(const struct facts *facts, struct judgement *judgement) {
    check_leak_each(facts, judgement, check_leak_comments_in);
}

/* --- cards, hashes, keys -------------------------------------------------------------------- */

static void check_leak_cards_in(const struct page *page, enum leak_part part, struct text text,
                                struct judgement *judgement) {
    bool data = part == LEAK_SCRIPT || part == LEAK_DATA;
    check_leak_find(page, text, judgement, data ? number_card_in_data : number_card, "the page");
}

void check_leak_cards(const struct facts *facts, struct judgement *judgement) {
    check_leak_each(facts, judgement, check_leak_cards_in);
}

static void check_leak_hashes_in(const struct page *page, enum leak_part part, struct text text,
                                 struct judgement *judgement) {
    (void)part;
    check_leak_find(page, text, judgement, secret_hash, "the page");
}

void check_leak_hashes(const struct facts *facts, struct judgement *judgement) {
    check_leak_each(facts, judgement, check_leak_hashes_in);
}

/* Manuals show keys as text; code that runs with them does not. */
static void check_leak_keys_in(const struct page *page, enum leak_part part, struct text text,
                               struct judgement *judgement) {
    if (part == LEAK_SCRIPT || part == LEAK_DATA)
        check_leak_find(page, text, judgement, secret_token, "a script or data");
}

void check_leak_keys(const struct facts *facts, struct judgement *judgement) {
    check_leak_each(facts, judgement, check_leak_keys_in);
}

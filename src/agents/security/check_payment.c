/* Pages that ask for payment cards, and what a scan for card payments makes of all findings. */
#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/inventory.h"
#include "agents/security/need.h"
#include "agnostic/base/secure.h"

enum { SCRIPT_UNPINNED = 0, SCRIPT_KNOWN = 1 };
enum { SCAN_FAILS_TENTHS = 40 }; /* CVSS 4.0 */

static void check_payment_sources(const struct page *page, struct judgement *judgement) {
    struct page_url found;
    size_t count;
    const struct html_link *links = html_links(page->html, &count);
    for (size_t i = 0; i < count; i++) {
        if (links[i].kind != HTML_SCRIPT || !page_resolve(page, links[i].url, &found))
            continue;
        if (content_is_unpinned(page, &links[i], &found))
            content_fault(page, judgement, SCRIPT_UNPINNED, &links[i],
                          "Somebody else's script without integrity", &found);
        else
            content_fault(page, judgement, SCRIPT_KNOWN, &links[i], "Script", &found);
    }
}

static void check_payment_inline(const struct page *page, struct judgement *judgement) {
    char hex[SECURE_HEX_SIZE];
    size_t count;
    const struct text *scripts = html_scripts(page->html, &count);
    for (size_t i = 0; i < count; i++) {
        if (secure_sha256_hex(scripts[i], hex) != ERR_OK)
            continue;
        content_show(page, judgement, SCRIPT_KNOWN, TEXT("<script"));
        judgement_fault(judgement, SCRIPT_KNOWN, page->answer->url_text,
                        "Inline script of %zu bytes, sha256:%s", scripts[i].len, hex);
    }
}

void check_payment_scripts(const struct facts *facts, struct judgement *judgement) {
    if (!need_parsed(facts, judgement))
        return;
    content_settle(facts, judgement);
    if (judgement->status == JUDGEMENT_PASSED)
        judgement_skip(judgement, "no_card_fields");
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        if (!inventory_asks(page))
            continue;
        content_settle(facts, judgement);
        check_payment_sources(page, judgement);
        check_payment_inline(page, judgement);
    }
}

static void check_payment_compare(const struct facts *facts, const struct inventory *now,
                                  struct judgement *judgement) {
    const struct inventory_before *before = &facts->payment;
    size_t still = 0;
    for (size_t i = 0; i < now->count; i++) {
        bool was = inventory_holds(before, now->items[i].digest);
        still += was;
        if (!was)
            judgement_fault(judgement, 0, facts->target_text, "Not there in %s: %s",
                            before->session, now->items[i].words);
    }
    if (still < before->count)
        judgement_fault(judgement, 0, facts->target_text, "%zu of the %zu things of %s are gone",
                        before->count - still, before->count, before->session);
}

void check_payment_change(const struct facts *facts, struct judgement *judgement) {
    struct inventory now;
    if (!need_parsed(facts, judgement))
        return;
    inventory_take(facts, &now);
    judgement_reproduce_curl(judgement, facts->target_text, NULL);
    content_settle(facts, judgement);
    if (now.pages == 0 && facts->payment.count == 0)
        judgement_skip(judgement, "no_card_fields");
    else if (facts->payment.session[0] == '\0')
        judgement_not_tested(judgement, "no_history");
    else
        check_payment_compare(facts, &now, judgement);
}

/* Outages alone do not fail a scan. */
static bool check_payment_is_outage(const struct tally_row *row) {
    struct text vector = text_of(row->rule->variants[row->variant].vector);
    return text_find(vector, TEXT("/C:N/I:N/")) >= 0;
}

void check_payment_scan(const struct facts *facts, struct judgement *judgement) {
    judgement_component(judgement, &facts->target);
    judgement_reproduce_curl(judgement, facts->target_text, NULL);
    if (facts->judged != NULL && facts->page != NULL)
        judgement_pass(judgement);
    else
        judgement_not_tested(judgement, facts->no_page != NULL ? facts->no_page : "not_measured");
    for (size_t i = 0; facts->judged != NULL && i < facts->judged->count; i++) {
        const struct tally_row *row = &facts->judged->rows[i];
        int tenths = row->status == JUDGEMENT_FAILED ? rule_score(row->rule, row->variant) : 0;
        if (tenths >= SCAN_FAILS_TENTHS && !check_payment_is_outage(row))
            judgement_fault(judgement, 0, facts->target_text, "%s scores %d.%d", row->rule->id,
                            tenths / 10, tenths % 10);
    }
}

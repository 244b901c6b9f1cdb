/* The judgement of links to other origins: not this site's servers, but this site's links. */
#include "agents/junior/junior_check.h"

/* Why nothing is said of a link that ended so; NULL: something is, or nothing need be. */
static const char *const REASONS[ELSEWHERE_END__COUNT] = {
    [ELSEWHERE_UNASKED] = "not_all_asked",
    [ELSEWHERE_BARRED] = "constraints",
    [ELSEWHERE_FORBIDDEN] = "address_refused",
    [ELSEWHERE_UNCLEAR] = "no_clear_answer",
};

/* Nobody out there answered, and the target may be in a network of its own: it may be us. */
static bool junior_is_cut_off(const struct site *site) {
    for (size_t i = 0; i < site->elsewhere.count; i++)
        if (site->elsewhere.links[i].status > 0)
            return false;
    return site->non_public;
}

static void junior_tell_elsewhere(const struct site *site, const struct elsewhere_link *link,
                                  struct judgement *judgement) {
    const char *from =
        link->from == SITE_NONE ? "the site" : site->urls[site->pages[link->from].url].text;
    if (judgement->fault_count == 0)
        judgement_reproduce_curl(judgement, link->text, NULL);
    if (link->status > 0)
        judgement_fault(judgement, 0, link->text, "%s answers %d, linked from %s", link->text,
                        link->status, from);
    else
        judgement_fault(judgement, 0, link->text, "%s: unreachable (%s), linked from %s",
                        link->text, link->why, from);
}

JUNIOR_CHECK(elsewhere) {
    const struct elsewhere *elsewhere = &site->elsewhere;
    if (!elsewhere->is_wanted) {
        judgement_skip(judgement, "external_links_off");
        return;
    }
    if (!junior_check_needs_pages(site, judgement))
        return;
    if (elsewhere->count == 0) {
        judgement_skip(judgement, "no_external_links");
        return;
    }
    judgement_pass(judgement);
    if (elsewhere->dropped > 0)
        judgement_not_tested(judgement, "not_all_asked");
    bool is_cut_off = junior_is_cut_off(site);
    for (size_t i = 0; i < elsewhere->count; i++) {
        const struct elsewhere_link *link = &elsewhere->links[i];
        if (link->end == ELSEWHERE_BROKEN && !is_cut_off)
            junior_tell_elsewhere(site, link, judgement);
        else if (link->end == ELSEWHERE_BROKEN)
            judgement_not_tested(judgement, "nothing_answered");
        else if (REASONS[link->end] != NULL)
            judgement_not_tested(judgement, REASONS[link->end]);
    }
}

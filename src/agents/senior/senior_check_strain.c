/* The judgements of what a site has to bear. Nothing is said of what was not asked. */
#include <stdio.h>
#include <string.h>

#include "agents/senior/senior_check.h"
#include "agents/senior/senior_tell.h"

/* --- SEM-06 ------------------------------------------------------------------------------------
 */

static void senior_tell_form(const struct senior_facts *facts, int at, enum conduct_form form,
                             size_t variant, const char *words, struct judgement *judgement) {
    struct buf target;
    struct url url;
    if (url_parse(text_of(senior_url(facts, at)), &url, NULL) != ERR_OK)
        return;
    buf_init(&target, SENIOR_LINE_MAX);
    if (judgement_is_gravest(judgement, variant)) {
        conduct_line_form(form, senior_url(facts, at), &target);
        judgement_reproduce_line(judgement, buf_text(&target));
        buf_reset(&target);
    }
    conduct_form_put(form, &url, &target);
    judgement_fault(judgement, variant, senior_url(facts, at), "%.*s %s",
                    JUDGEMENT_VALUE(buf_text(&target)), words);
    buf_done(&target);
}

/* Where everything opens, nothing tells that a page was opened. */
static bool senior_knows_absent(const struct senior_facts *facts) {
    return facts->conduct.unknown[0].asked && !reply_is_of(&facts->conduct.unknown[0], 2) &&
           !reply_is_of(&facts->conduct.unknown[1], 2);
}

SENIOR_CHECK(forms) {
    bool asked = false;
    if (!senior_need_home(facts, judgement))
        return;
    if (senior_url(facts, SPOT_PAGE)[0] == '\0' && senior_url(facts, SPOT_CLOSED)[0] == '\0') {
        senior_lacks(facts, judgement, "no_other_page");
        return;
    }
    for (int at = 0; at < SPOT__COUNT; at++)
        asked |= facts->conduct.spots[at].forms[FORM_SLASHES].asked;
    senior_settle(judgement, asked, "not_asked");
    for (int at = 0; at < SPOT__COUNT; at++) {
        const struct conduct_spot *spot = &facts->conduct.spots[at];
        int closed = spot->gets[0].status;
        for (int form = 0; form < FORM__COUNT; form++) {
            const struct reply *reply = &spot->forms[form];
            char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
            reply_words(reply, said, sizeof(said));
            if (at == SPOT_CLOSED && (closed == 401 || closed == 403) && reply_is_of(reply, 2) &&
                senior_knows_absent(facts)) {
                snprintf(words, sizeof(words), "%.100s, the page itself %d", said, closed);
                senior_tell_form(facts, at, (enum conduct_form)form, 0, words, judgement);
            } else if (reply->asked && reply->err == ERR_OK &&
                       reply->status >= SENIOR_SERVER_ERROR &&
                       spot->gets[0].status < SENIOR_SERVER_ERROR) {
                senior_tell_form(facts, at, (enum conduct_form)form, 1, said, judgement);
            }
        }
    }
}

/* --- SEM-07 ------------------------------------------------------------------------------------
 */

static bool senior_errs(const struct reply *reply) {
    return reply->asked && reply->err == ERR_OK && reply->status >= SENIOR_SERVER_ERROR;
}

SENIOR_CHECK(sizes) {
    const struct conduct *conduct = &facts->conduct;
    const struct reply *header = &conduct->spots[SPOT_HOME].probes[PROBE_HEADER];
    const struct reply *cookies = &conduct->spots[SPOT_HOME].probes[PROBE_COOKIES];
    const char *home = senior_url(facts, SPOT_HOME);
    char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
    struct buf line;
    if (!senior_need_home(facts, judgement))
        return;
    senior_settle(judgement, header->asked && cookies->asked && conduct->long_url.asked,
                  "not_asked");
    buf_init(&line, SENIOR_LINE_MAX);
    conduct_line_long(home, &line);
    if (conduct->after.asked &&
        (conduct->after.err != ERR_OK || conduct->after.status >= SENIOR_SERVER_ERROR)) {
        reply_words(&conduct->after, said, sizeof(said));
        judgement_reproduce_line(judgement, buf_text(&line));
        judgement_fault(judgement, 0, home, "%s %s after requests that are too long", home, said);
    }
    if (senior_errs(&conduct->long_url)) {
        if (judgement_is_gravest(judgement, 1))
            judgement_reproduce_line(judgement, buf_text(&line));
        judgement_fault(judgement, 1, home, "A URL of %d bytes answers %d", CONDUCT_BIG_BYTES,
                        conduct->long_url.status);
    }
    buf_done(&line);
    snprintf(words, sizeof(words), "a header of %d bytes answers %d", CONDUCT_BIG_BYTES,
             header->status);
    if (senior_errs(header))
        senior_tell(facts, SPOT_HOME, PROBE_HEADER, 1, words, judgement);
    snprintf(words, sizeof(words), "%d cookies answer %d", CONDUCT_COOKIES, cookies->status);
    if (senior_errs(cookies))
        senior_tell(facts, SPOT_HOME, PROBE_COOKIES, 1, words, judgement);
}

/* --- SEM-09, SEM-10, SEM-11 --------------------------------------------------------------------
 */

SENIOR_CHECK(steady) {
    if (!senior_need_home(facts, judgement))
        return;
    senior_settle(judgement, facts->conduct.spots[SPOT_HOME].gets[CONDUCT_GETS - 1].asked,
                  "not_asked");
    for (int at = 0; at < SPOT__COUNT; at++) {
        const struct reply *gets = facts->conduct.spots[at].gets;
        const char *url = senior_url(facts, at), *what = NULL;
        for (size_t i = 1; i < CONDUCT_GETS && what == NULL; i++) {
            if (!gets[i].asked || gets[i].err != ERR_OK || gets[0].err != ERR_OK)
                continue;
            what = gets[i].status != gets[0].status                      ? "the status"
                   : strcmp(gets[i].type, gets[0].type) != 0             ? "the Content-Type"
                   : !gets[i].is_cut && gets[i].steady != gets[0].steady ? "the body"
                                                                         : NULL;
        }
        if (what == NULL)
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_curl(judgement, url, NULL);
        judgement_fault(judgement, 0, url, "%s: %s is not the same each time", url, what);
    }
}

SENIOR_CHECK(crowd) {
    const struct conduct_crowd *crowd = &facts->conduct.crowd;
    const struct conduct_spot *spot = &facts->conduct.spots[SPOT_HOME];
    const char *home = senior_url(facts, SPOT_HOME);
    struct buf line;
    if (!senior_need_home(facts, judgement))
        return;
    senior_settle(judgement, crowd->asked > 0 && reply_is_of(&spot->gets[0], 2),
                  spot->gets[0].is_cut ? "body_cut" : "rate_too_low");
    if (judgement->status != JUDGEMENT_PASSED)
        return;
    if (crowd->limited > 0) /* who guards against crowds answers so on purpose */
        judgement_not_tested(judgement, "rate_limited");
    buf_init(&line, SENIOR_LINE_MAX);
    conduct_line_crowd(home, &line);
    if (crowd->other_status > 0 || (crowd->other_size > 0 && senior_is_fixed(spot)))
        judgement_reproduce_line(judgement, buf_text(&line));
    buf_done(&line);
    if (crowd->other_status > 0 && crowd->status == 0)
        judgement_fault(judgement, 0, home, "%zu of %zu are not answered", crowd->other_status,
                        crowd->asked);
    else if (crowd->other_status > 0)
        judgement_fault(judgement, 0, home, "%zu of %zu are answered otherwise, the first with %d",
                        crowd->other_status, crowd->asked, crowd->status);
    else if (crowd->other_size > 0 && senior_is_fixed(spot) && spot->gets[0].length >= 0)
        judgement_fault(judgement, 0, home, "%zu of %zu are of another length", crowd->other_size,
                        crowd->asked);
}

SENIOR_CHECK(slow) {
    const struct reply *slow = &facts->conduct.slow;
    const char *home = senior_url(facts, SPOT_HOME);
    char said[SENIOR_WORDS_SIZE];
    struct buf line;
    if (!senior_need_home(facts, judgement))
        return;
    senior_settle(judgement, slow->asked, "not_asked");
    if (!slow->asked || (slow->err == ERR_OK && slow->status < 400) ||
        (slow->err == ERR_OK && slow->status == facts->conduct.spots[SPOT_HOME].gets[0].status))
        return;
    buf_init(&line, SENIOR_LINE_MAX);
    conduct_line_slow(home, &line);
    judgement_reproduce_line(judgement, buf_text(&line));
    buf_done(&line);
    reply_words(slow, said, sizeof(said));
    judgement_fault(judgement, 0, home, "A request in %d pieces %d ms apart: %s %s", CONDUCT_PIECES,
                    CONDUCT_PIECE_PAUSE_MS, home, said);
}

/* --- EDG-01 ------------------------------------------------------------------------------------
 */

SENIOR_CHECK(edges) {
    const struct trials *trials = &facts->trials;
    if (!senior_need_home(facts, judgement))
        return;
    if (facts->terrain.inlets.count == 0) {
        senior_lacks(facts, judgement, "no_parameters");
        return;
    }
    senior_settle(judgement, trials->tried > 0,
                  trials->unfit > 0 ? "plain_pages_fail" : "not_asked");
    if (trials->tried + trials->unfit < trials->cases)
        judgement_not_tested(judgement, "not_all_asked");
    for (size_t i = 0; i < trials->failed_count; i++) {
        const struct trial_failed *failed = &trials->failed[i];
        const struct inlet *inlet = &facts->terrain.inlets.items[failed->edge.inlet];
        size_t variant = trial_is_high(failed) ? 0 : 1;
        if (judgement_is_gravest(judgement, variant))
            judgement_reproduce_line(judgement, text_of(failed->line));
        judgement_fault(judgement, variant, inlet->url, "%s in %s %s (seed %llu): %.300s",
                        failed->edge.input->what, inlet->name, failed->words,
                        (unsigned long long)trials->seed, failed->line);
    }
}

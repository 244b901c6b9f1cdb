/* The words that the judgements share. Judges nothing by itself. */
#include "agents/senior/senior_tell.h"

bool senior_need_home(const struct senior_facts *facts, struct judgement *judgement) {
    if (facts->terrain.spots[SPOT_HOME][0] != '\0')
        return true;
    judgement_not_tested(judgement, "no_2xx_answer");
    return false;
}

void senior_lacks(const struct senior_facts *facts, struct judgement *judgement,
                  const char *reason) {
    if (facts->terrain.crawl.barred > 0)
        judgement_not_tested(judgement, "constraints");
    else
        judgement_skip(judgement, reason);
}

const char *senior_url(const struct senior_facts *facts, int spot) {
    return facts->terrain.spots[spot];
}

void senior_tell(const struct senior_facts *facts, int spot, enum conduct_probe probe,
                 size_t variant, const char *words, struct judgement *judgement) {
    const char *url = senior_url(facts, spot);
    if (judgement_is_gravest(judgement, variant)) {
        struct buf line;
        buf_init(&line, SENIOR_LINE_MAX);
        conduct_line(probe, &facts->conduct.spots[spot], url, &line);
        judgement_reproduce_line(judgement, buf_text(&line));
        buf_done(&line);
    }
    judgement_fault(judgement, variant, url, "%s: %s", url, words);
}

void senior_settle(struct judgement *judgement, bool asked, const char *reason) {
    if (asked)
        judgement_pass(judgement);
    else
        judgement_not_tested(judgement, reason);
}

bool senior_is_fixed(const struct conduct_spot *spot) {
    for (size_t i = 1; i < CONDUCT_GETS; i++)
        if (spot->gets[i].asked && spot->gets[i].length != spot->gets[0].length)
            return false;
    return true;
}

/* senior_tell: what the judgements of senior-qa share. */
#ifndef AGENTS_SENIOR_SENIOR_TELL_H
#define AGENTS_SENIOR_SENIOR_TELL_H

#include "agents/judgement.h"
#include "agents/senior/senior_facts.h"

enum { SENIOR_LINE_MAX = 16 << 10, SENIOR_WORDS_SIZE = 192, SENIOR_SERVER_ERROR = 500 };

/* senior_need_home(facts, judgement): false after having said that the target is no page. */
bool senior_need_home(const struct senior_facts *facts, struct judgement *judgement);
/* senior_lacks(facts, judgement, reason): the site has nothing to try it on, or where it might have
 * it nobody may go. */
void senior_lacks(const struct senior_facts *facts, struct judgement *judgement,
                  const char *reason);
/* senior_url(facts, spot): "" when there is none. */
const char *senior_url(const struct senior_facts *facts, int spot);
/* senior_tell(facts, spot, probe, variant, words, judgement): one fault of a probe, told with the
 * command line that asks the same again. */
void senior_tell(const struct senior_facts *facts, int spot, enum conduct_probe probe,
                 size_t variant, const char *words, struct judgement *judgement);
/* senior_settle(judgement, asked, reason): passed so far when it was asked, else not tested. */
void senior_settle(struct judgement *judgement, bool asked, const char *reason);
/* senior_is_fixed(spot): lengths count only where the page has one, not when each answer has
 * another. */
bool senior_is_fixed(const struct conduct_spot *spot);

#endif

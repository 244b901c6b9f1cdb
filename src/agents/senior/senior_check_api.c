/* The judgements of an API, all alike: what was noted of it. */
#include "agents/senior/senior_check.h"

#include "agents/senior/senior_tell.h"

static void senior_api(const struct senior_facts *facts, enum rehearsal_check check,
                       struct judgement *judgement) {
    if (senior_need_home(facts, judgement))
        api_notes_judge(&facts->api, check, judgement);
}

SENIOR_CHECK(api_wrong) {
    senior_api(facts, REHEARSAL_WRONG, judgement);
}

SENIOR_CHECK(api_right) {
    senior_api(facts, REHEARSAL_RIGHT, judgement);
}

SENIOR_CHECK(api_methods) {
    senior_api(facts, REHEARSAL_METHODS, judgement);
}

SENIOR_CHECK(api_answers) {
    senior_api(facts, REHEARSAL_ANSWERS, judgement);
}

SENIOR_CHECK(api_callers) {
    senior_api(facts, REHEARSAL_UNKNOWN, judgement);
}

SENIOR_CHECK(api_life) {
    senior_api(facts, REHEARSAL_LIFE, judgement);
}

/* Which foreign origins the page lets read its answers. */
#include <stdio.h>

#include "agents/security/check.h"
#include "agents/security/need.h"

enum { NULL_WITH_CREDENTIALS = 0, NULL_ORIGIN = 1 };
enum { ANY_ON_DATA = 0, ANY_ON_STATIC = 1 };

static bool check_cors_measured(const struct facts *facts, enum origin_probe probe) {
    const struct answer *answer = &facts->cors.answers[probe];
    return answer->asked && answer->err == ERR_OK && !answer->response.head_truncated &&
           answer->response.status != 429;
}

/* Access-Control-Allow-Origin repeats exactly what was sent. */
static bool check_cors_echoes(const struct facts *facts, enum origin_probe probe) {
    struct text allowed =
        answer_header(&facts->cors.answers[probe], "Access-Control-Allow-Origin", 0);
    return check_cors_measured(facts, probe) && text_is(allowed, facts->cors.origin[probe]);
}

static bool check_cors_credentials(const struct facts *facts, enum origin_probe probe) {
    return text_is(
        answer_header(&facts->cors.answers[probe], "Access-Control-Allow-Credentials", 0), "true");
}

static void check_cors_reproduce(const struct facts *facts, struct judgement *judgement,
                                 enum origin_probe probe) {
    char header[sizeof(facts->cors.origin[0]) + 16];
    snprintf(header, sizeof(header), "Origin: %s", facts->cors.origin[probe]);
    judgement_reproduce_curl(judgement, facts->page->url_text, header);
}

static bool check_cors_begin(const struct facts *facts, struct judgement *judgement,
                             enum origin_probe probe) {
    if (!need_page(facts, judgement))
        return false;
    check_cors_reproduce(facts, judgement, probe);
    if (check_cors_measured(facts, probe))
        judgement_pass(judgement);
    else
        judgement_not_tested(judgement, "no_answer_to_foreign_origin");
    return check_cors_measured(facts, probe);
}

static void check_cors_blame(const struct facts *facts, struct judgement *judgement,
                             enum origin_probe probe, size_t variant) {
    judgement_fault(judgement, variant, facts->page->url_text, "Origin %s is allowed %s",
                    facts->cors.origin[probe],
                    check_cors_credentials(facts, probe) ? "with credentials"
                                                         : "without credentials");
}

void check_cors_reflected_credentials(const struct facts *facts, struct judgement *judgement) {
    if (check_cors_begin(facts, judgement, ORIGIN_FOREIGN) &&
        check_cors_echoes(facts, ORIGIN_FOREIGN) && check_cors_credentials(facts, ORIGIN_FOREIGN))
        check_cors_blame(facts, judgement, ORIGIN_FOREIGN, 0);
}

void check_cors_reflected(const struct facts *facts, struct judgement *judgement) {
    if (!check_cors_begin(facts, judgement, ORIGIN_FOREIGN) ||
        !check_cors_echoes(facts, ORIGIN_FOREIGN))
        return;
    if (check_cors_credentials(facts, ORIGIN_FOREIGN))
        judgement_skip(judgement, "told_as_SEC-COR-01");
    else
        check_cors_blame(facts, judgement, ORIGIN_FOREIGN, 0);
}

void check_cors_null(const struct facts *facts, struct judgement *judgement) {
    if (check_cors_begin(facts, judgement, ORIGIN_NULL) && check_cors_echoes(facts, ORIGIN_NULL))
        check_cors_blame(facts, judgement, ORIGIN_NULL,
                         check_cors_credentials(facts, ORIGIN_NULL) ? NULL_WITH_CREDENTIALS
                                                                    : NULL_ORIGIN);
}

/* A server that repeats every origin compares none: that is COR-01 or COR-02. */
void check_cors_partial_match(const struct facts *facts, struct judgement *judgement) {
    if (!check_cors_begin(facts, judgement, ORIGIN_SUFFIXED))
        return;
    if (check_cors_echoes(facts, ORIGIN_FOREIGN)) {
        judgement_skip(judgement, "every_origin_is_repeated");
        return;
    }
    if (!check_cors_measured(facts, ORIGIN_PREFIXED))
        judgement_not_tested(judgement, "no_answer_to_foreign_origin");
    for (int probe = ORIGIN_SUFFIXED; probe <= ORIGIN_PREFIXED; probe++)
        if (check_cors_echoes(facts, (enum origin_probe)probe))
            check_cors_blame(facts, judgement, (enum origin_probe)probe, 0);
}

static bool check_cors_is_data(const struct facts *facts, const struct answer *answer) {
    struct text type = answer_header(answer, "Content-Type", 0);
    return text_ifind(type, TEXT("json")) >= 0 || facts->cookie_count > 0;
}

void check_cors_any(const struct facts *facts, struct judgement *judgement) {
    const struct answer *foreign = &facts->cors.answers[ORIGIN_FOREIGN];
    if (!need_page(facts, judgement))
        return;
    judgement_pass(judgement);
    bool plainly = text_is(answer_header(facts->page, "Access-Control-Allow-Origin", 0), "*");
    bool when_asked = check_cors_measured(facts, ORIGIN_FOREIGN) &&
                      text_is(answer_header(foreign, "Access-Control-Allow-Origin", 0), "*");
    if (!plainly && when_asked)
        check_cors_reproduce(facts, judgement, ORIGIN_FOREIGN);
    if (plainly || when_asked)
        judgement_fault(judgement,
                        check_cors_is_data(facts, facts->page) ? ANY_ON_DATA : ANY_ON_STATIC,
                        facts->page->url_text, "Access-Control-Allow-Origin is \"*\"");
}

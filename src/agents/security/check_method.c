/* Methods that a server answers although nobody needs them, and names it takes for its own. */
#include "agents/security/check.h"
#include "agents/security/need.h"

static bool check_method_asked(const struct facts *facts, const struct answer *answer,
                               struct judgement *judgement) {
    if (!need_page(facts, judgement))
        return false;
    bool answered = answer->asked && answer->err == ERR_OK;
    if (!answered)
        judgement_not_tested(judgement, "no_answer");
    return answered;
}

void check_method_trace(const struct facts *facts, struct judgement *judgement) {
    const struct answer *answer = &facts->methods.trace;
    if (!check_method_asked(facts, answer, judgement))
        return;
    judgement_pass(judgement);
    if (answer->response.status != 200 ||
        text_find(buf_text(&answer->response.body), text_of(facts->methods.mark)) < 0)
        return;
    judgement_reproduce_method(judgement, answer->url_text, "-X TRACE -H 'X-QA-Mark: here'");
    judgement_fault(judgement, 0, answer->url_text,
                    "TRACE is answered with the request, headers included");
}

void check_method_offered(const struct facts *facts, struct judgement *judgement) {
    static const char *const RISKY[] = {"PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT", "TRACE"};
    static const char *const HEADERS[] = {"Allow", "Public"};
    const struct answer *answer = &facts->methods.options;
    if (!check_method_asked(facts, answer, judgement))
        return;
    judgement_pass(judgement);
    for (size_t h = 0; h < sizeof(HEADERS) / sizeof(HEADERS[0]); h++) {
        struct text list = answer_header(answer, HEADERS[h], 0), method;
        while (list.ptr != NULL && text_cut(&list, ',', &method)) {
            for (size_t i = 0; i < sizeof(RISKY) / sizeof(RISKY[0]); i++) {
                if (!text_is(text_trim(method), RISKY[i]))
                    continue;
                judgement_reproduce_method(judgement, answer->url_text, "-X OPTIONS");
                judgement_fault(judgement, 0, answer->url_text, "%s names %s; not verified",
                                HEADERS[h], RISKY[i]);
            }
        }
    }
}

/* The foreign name comes back in a place that is followed. */
static const char *check_method_reflection(const struct answer *answer) {
    static const struct text SIGN = {"//" FACTS_FOREIGN_HOST, sizeof("//" FACTS_FOREIGN_HOST) - 1};
    if (text_ifind(answer_header(answer, "Location", 0), SIGN) >= 0)
        return "in Location";
    return text_ifind(buf_text(&answer->response.body), SIGN) >= 0 ? "in links of the page" : NULL;
}

void check_method_host(const struct facts *facts, struct judgement *judgement) {
    const struct answer *answer = &facts->methods.forwarded;
    if (!check_method_asked(facts, answer, judgement))
        return;
    judgement_pass(judgement);
    const char *where = check_method_reflection(answer);
    if (where == NULL)
        return;
    judgement_reproduce_curl(judgement, answer->url_text, "X-Forwarded-Host: " FACTS_FOREIGN_HOST);
    judgement_fault(judgement, 0, answer->url_text,
                    "A foreign name in X-Forwarded-Host comes back %s", where);
}

void check_method_write(const struct facts *facts, struct judgement *judgement) {
    const struct method_facts *methods = &facts->methods;
    if (!check_method_asked(facts, &methods->put, judgement))
        return;
    judgement_pass(judgement);
    if (methods->put.response.status / 100 != 2 || methods->read.err != ERR_OK ||
        methods->read.response.status != 200 ||
        !text_eq(text_trim(buf_text(&methods->read.response.body)), text_of(methods->mark)))
        return;
    judgement_reproduce_method(judgement, methods->put.url_text, "-X PUT -d here");
    judgement_fault(judgement, 0, methods->put.url_text, "PUT wrote a file that is served%s",
                    methods->removed.err == ERR_OK && methods->removed.response.status / 100 == 2
                        ? "; it was deleted again"
                        : "; it could not be deleted again");
}

/* What error pages, and pages with errors in them, tell of the inside; bodies of redirects. */
#include "agents/error_sign.h"
#include "agents/security/check.h"
#include "agents/security/need.h"

enum { BODY_SMALL_BYTES = 1024, LINKS_FEW = 2 };

static void check_error_in(const struct answer *answer, bool is_page, struct judgement *judgement) {
    const char *what = error_sign_find(buf_text(&answer->response.body), is_page);
    if (what == NULL)
        return;
    if (judgement_is_gravest(judgement, 0))
        judgement_reproduce_body(judgement, answer->url_text, text_make(NULL, 0));
    judgement_fault(judgement, 0, answer->url_text, "%.*s gives %s",
                    JUDGEMENT_VALUE(answer->url.path), what);
}

static bool check_error_is_answer(const struct answer *answer) {
    return answer->asked && answer->err == ERR_OK;
}

void check_error_details(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < PATHS_RANDOM; i++) {
        if (check_error_is_answer(&facts->paths.random[i]))
            check_error_in(&facts->paths.random[i], false, judgement);
        else
            judgement_not_tested(judgement, "no_answer_to_paths");
    }
    if (check_error_is_answer(&facts->paths.malformed))
        check_error_in(&facts->paths.malformed, false, judgement);
    check_error_in(facts->final, facts->page != NULL, judgement);
    for (size_t i = 0; i < facts->crawled_count; i++)
        if (check_error_is_answer(&facts->crawled[i]))
            check_error_in(&facts->crawled[i], facts->crawled[i].response.status < 500, judgement);
}

/* A redirect says where to go, in a line and a link; more is the page that was to be kept. */
static void check_error_redirect(const struct answer *answer, struct judgement *judgement) {
    struct text body = buf_text(&answer->response.body), rest = body;
    size_t links = 0;
    if (!answer_is_redirect(answer) || body.len <= BODY_SMALL_BYTES)
        return;
    for (long at; (at = text_ifind(rest, TEXT("<a "))) >= 0; links++)
        rest = text_make(rest.ptr + at + 3, rest.len - (size_t)at - 3);
    if (links < LINKS_FEW && text_ifind(body, TEXT("<form")) < 0)
        return;
    if (judgement_is_gravest(judgement, 0))
        judgement_reproduce_body(judgement, answer->url_text, text_make(NULL, 0));
    judgement_fault(judgement, 0, answer->url_text,
                    "The redirect carries a page of %zu bytes and %zu links", body.len, links);
}

void check_error_redirect_body(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->chain.count; i++)
        check_error_redirect(&facts->chain.hops[i], judgement);
    for (size_t i = 0; i < facts->crawled_count; i++)
        if (check_error_is_answer(&facts->crawled[i]))
            check_error_redirect(&facts->crawled[i], judgement);
}

/* What becomes of values that no page expects. No note quotes what was read. */
#include "agents/error_sign.h"
#include "agents/security/check.h"
#include "agents/security/need.h"

static bool param_answered(const struct param *param, enum param_probe probe) {
    return param->answers[probe].asked && param->answers[probe].err == ERR_OK;
}

static struct text param_body(const struct param *param, enum param_probe probe) {
    return buf_text(&param->answers[probe].response.body);
}

/* check_param_each(...): judges what came of one value in every parameter it was tried in. `is_bad`
 * is only asked when that value was answered. */
static void check_param_each(const struct facts *facts, struct judgement *judgement,
                             enum param_probe probe, bool (*is_bad)(const struct param *param),
                             const char *what) {
    size_t tried = 0;
    if (!need_page(facts, judgement))
        return;
    judgement_skip(judgement, "no_parameters");
    for (size_t i = 0; i < facts->params.count; i++) {
        const struct param *param = &facts->params.items[i];
        const struct answer *answer = &param->answers[probe];
        if (!answer->asked)
            continue;
        if (tried++ == 0)
            judgement_pass(judgement);
        if (answer->err != ERR_OK) {
            judgement_not_tested(judgement, "no_answer");
        } else if (is_bad(param)) {
            judgement_reproduce_body(judgement, answer->url_text, text_make(NULL, 0));
            judgement_fault(judgement, 0, answer->url_text, "%s in the parameter %s", what,
                            param->name);
        }
    }
}

/* --- redirects ------------------------------------------------------------------------------- */

static bool param_redirects(const struct param *param) {
    const struct answer *answer = &param->answers[PARAM_REDIRECT];
    struct text location = answer_header(answer, "Location", 0);
    struct buf full;
    struct url url;
    buf_init(&full, URL_MAX_BYTES);
    bool leads = answer_is_redirect(answer) && location.ptr != NULL &&
                 url_resolve(&answer->url, location, &full) == ERR_OK && !full.failed &&
                 url_parse(buf_text(&full), &url, NULL) == ERR_OK &&
                 text_is(text_of(url.host), FACTS_FOREIGN_HOST);
    buf_done(&full);
    return leads;
}

void check_param_redirect(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_REDIRECT, param_redirects,
                     "A foreign address is gone to that stands");
}

/* --- active ---------------------------------------------------------------------------------- */

static bool param_reflects(const struct param *param) {
    return answer_media_is(&param->answers[PARAM_MARKUP], "text/html") &&
           text_find(param_body(param, PARAM_MARKUP), TEXT(PARAM_MARKUP_SIGN)) >= 0;
}

void check_param_markup(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_MARKUP, param_reflects,
                     "Markup comes back unencoded that stands");
}

static bool param_breaks_lines(const struct param *param) {
    return text_is(answer_header(&param->answers[PARAM_LINE], PARAM_LINE_HEADER, 0), "1");
}

void check_param_line(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_LINE, param_breaks_lines,
                     "A line break makes a header that stands");
}

/* A quote breaks the statement both times, and neither the plain word nor a doubled quote does. */
static bool param_breaks_sql(const struct param *param) {
    return param_answered(param, PARAM_PLAIN) && param_answered(param, PARAM_QUOTE_AGAIN) &&
           param_answered(param, PARAM_QUOTES) &&
           error_sign_of_database(param_body(param, PARAM_QUOTE)) &&
           error_sign_of_database(param_body(param, PARAM_QUOTE_AGAIN)) &&
           !error_sign_of_database(param_body(param, PARAM_PLAIN)) &&
           !error_sign_of_database(param_body(param, PARAM_QUOTES));
}

void check_param_sql(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_QUOTE, param_breaks_sql,
                     "A single quote breaks the database's statement");
}

/* A line "root:...:0:0:" */
static bool param_is_passwd(struct text body) {
    struct text line;
    while (body.len > 0 && text_cut(&body, '\n', &line)) {
        long at = text_find(line, TEXT("root:"));
        if (at >= 0 &&
            text_find(text_make(line.ptr + at, line.len - (size_t)at), TEXT(":0:0:")) > 0)
            return true;
    }
    return false;
}

static bool param_reads_files(const struct param *param) {
    bool found = param_is_passwd(param_body(param, PARAM_FILE)) ||
                 (param_answered(param, PARAM_FILE_ABSOLUTE) &&
                  param_is_passwd(param_body(param, PARAM_FILE_ABSOLUTE)));
    return found && !param_is_passwd(param_body(param, PARAM_PLAIN));
}

void check_param_file(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_FILE, param_reads_files,
                     "A file of the system is read whose path stands");
}

static bool param_computes(const struct param *param) {
    return param_answered(param, PARAM_PLAIN) &&
           text_find(param_body(param, PARAM_TEMPLATE), TEXT(PARAM_TEMPLATE_SIGN)) >= 0 &&
           text_find(param_body(param, PARAM_PLAIN), TEXT(PARAM_TEMPLATE_SIGN)) < 0;
}

void check_param_template(const struct facts *facts, struct judgement *judgement) {
    check_param_each(facts, judgement, PARAM_TEMPLATE, param_computes,
                     "An expression is computed that stands");
}

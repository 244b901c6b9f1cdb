/* What error pages, and pages with errors in them, tell of the inside; bodies of redirects. */
#include "agents/security/check_error.h"

#include "agents/security/check.h"
#include "agents/security/need.h"

enum { BODY_SMALL_BYTES = 1024, LINKS_FEW = 2 };

/* All words stand in the body. Manuals quote the same texts, but as text: on a page that was found,
 * only what no page would write in its own markup counts. */
struct check_error_sign {
    const char *what;
    const char *words[3];
    bool markup, database;
};

static const struct check_error_sign SIGNS[] = {
    {"a stack trace of Python",
     {"Traceback (most recent call last)", "File \"", ", line "},
     false,
     false},
    {"a stack trace of Python",
     {"Traceback (most recent call last)", "File &#34;", ", line "},
     false,
     false},
    {"a stack trace of Java", {"Exception", "\tat ", ".java:"}, false, false},
    {"a stack trace of Java", {"Exception", "at org.apache.", ".java:"}, false, false},
    {"an error of PHP", {"<b>Fatal error</b>:", " on line <b>", NULL}, true, false},
    {"an error of PHP", {"<b>Parse error</b>:", " on line <b>", NULL}, true, false},
    {"an error of PHP", {"<b>Warning</b>:", " on line <b>", NULL}, true, false},
    {"an error of PHP", {"<b>Notice</b>:", " on line <b>", NULL}, true, false},
    {"an error page of .NET", {"<title>", "Server Error in '", "Stack Trace:"}, false, false},
    {"an error page of Rails", {"Action Controller: Exception caught", NULL, NULL}, false, false},
    {"a stack trace of Node", {"Error: ", "    at ", "node_modules/"}, false, false},
    {"a stack trace of Node", {"Error: ", "&nbsp; at ", "node_modules/"}, false, false},
    {"the debugger of Werkzeug", {"// Werkzeug Debugger", "__debugger__", NULL}, false, false},
    {"the debugger of Django",
     {"seeing this error because you have", "DEBUG = True", NULL},
     false,
     false},
    {"an error of MySQL",
     {"You have an error in your SQL syntax; check the manual", NULL, NULL},
     false,
     true},
    {"an error of SQL Server",
     {"Unclosed quotation mark after the character string", NULL, NULL},
     false,
     true},
    {"an error of a database", {"SQLSTATE[", "]: ", NULL}, false, true},
    {"an error of PostgreSQL", {"org.postgresql.util.PSQLException", NULL, NULL}, false, true},
    {"an error of SQLite", {"SQLite3::SQLException", NULL, NULL}, false, true},
    {"an error of SQLite", {"sqlite3.OperationalError", NULL, NULL}, false, true},
    {"an error of SQLite", {"unrecognized token: \"", NULL, NULL}, false, true},
    {"an error of Oracle", {"ORA-01756", NULL, NULL}, false, true},
    {"an error of PostgreSQL", {"unterminated quoted string at or near", NULL, NULL}, false, true},
    {"an error of PostgreSQL", {"PG::SyntaxError", NULL, NULL}, false, true},
};

static bool check_error_stands(const struct check_error_sign *sign, struct text body) {
    for (size_t i = 0; i < sizeof(sign->words) / sizeof(sign->words[0]); i++)
        if (sign->words[i] != NULL && text_find(body, text_of(sign->words[i])) < 0)
            return false;
    return true;
}

bool check_error_of_database(struct text body) {
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if (SIGNS[i].database && check_error_stands(&SIGNS[i], body))
            return true;
    return false;
}

static void check_error_in(const struct answer *answer, bool is_page, struct judgement *judgement) {
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
        if ((is_page && !SIGNS[i].markup) ||
            !check_error_stands(&SIGNS[i], buf_text(&answer->response.body)))
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_body(judgement, answer->url_text, text_make(NULL, 0));
        judgement_fault(judgement, 0, answer->url_text, "%.*s gives %s",
                        JUDGEMENT_VALUE(answer->url.path), SIGNS[i].what);
        return;
    }
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

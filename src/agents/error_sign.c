/* The table of what errors look like that were meant for developers. */
#include "agents/error_sign.h"

/* All words stand in the body. Manuals quote the same texts, but as text: on a page that was found,
 * only what no page would write in its own markup counts. */
struct error_sign {
    const char *what;
    const char *words[3];
    bool markup, database;
};

static const struct error_sign SIGNS[] = {
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

static bool error_sign_stands(const struct error_sign *sign, struct text body) {
    for (size_t i = 0; i < sizeof(sign->words) / sizeof(sign->words[0]); i++)
        if (sign->words[i] != NULL && text_find(body, text_of(sign->words[i])) < 0)
            return false;
    return true;
}

bool error_sign_of_database(struct text body) {
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if (SIGNS[i].database && error_sign_stands(&SIGNS[i], body))
            return true;
    return false;
}

const char *error_sign_find(struct text body, bool is_page) {
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if ((!is_page || SIGNS[i].markup) && error_sign_stands(&SIGNS[i], body))
            return SIGNS[i].what;
    return NULL;
}

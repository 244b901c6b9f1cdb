/* What headers tell about the software behind the site. */
#include "agents/security/check.h"
#include "agents/security/need.h"

enum { SERVER_VERSION = 0, SERVER_NAME = 1 };

static bool check_disclosure_is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* "nginx/1.22.1", "Apache 2.4": a digit behind a slash, or digits around a point. */
static bool check_disclosure_has_version(struct text value) {
    for (size_t i = 1; i < value.len; i++) {
        bool point =
            i + 1 < value.len && value.ptr[i] == '.' && check_disclosure_is_digit(value.ptr[i + 1]);
        if (check_disclosure_is_digit(value.ptr[i]) && value.ptr[i - 1] == '/')
            return true;
        if (point && check_disclosure_is_digit(value.ptr[i - 1]))
            return true;
    }
    return false;
}

void check_disclosure_server(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return;
    struct text value = answer_header(facts->final, "Server", 0);
    judgement_pass(judgement);
    if (value.ptr != NULL && value.len > 0)
        judgement_fault(judgement,
                        check_disclosure_has_version(value) ? SERVER_VERSION : SERVER_NAME,
                        facts->final->url_text, "Server: %.*s", JUDGEMENT_VALUE(value));
}

void check_disclosure_technology(const struct facts *facts, struct judgement *judgement) {
    static const char *const NAMES[] = {
        "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator",
        "Via",          "X-Backend-Server"};
    if (!need_answer(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        struct text value = answer_header(facts->final, NAMES[i], 0);
        if (value.ptr != NULL)
            judgement_fault(judgement, 0, facts->final->url_text, "%s: %.*s", NAMES[i],
                            JUDGEMENT_VALUE(value));
    }
}

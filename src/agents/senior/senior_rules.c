/* The table: as security's. */
#include "agents/senior/senior_rules.h"

#include "agents/senior/access_rules.h"
#include "agents/senior/senior_check.h"

#define OUTAGE_WHOLE "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" /* 7.5 */
#define OUTAGE_PARTS "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 5.3 */
#define OUTAGE_LIGHT "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 3.7 */
#define NO_IMPACT "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N"    /* 0.0 */
#define READS_ALL "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"    /* 7.5 */

#define WORKS "ISO25010:8.2"
#define OPENAPI "https://spec.openapis.org/oas/v3.1.0"
#define RFC "https://www.rfc-editor.org/rfc/rfc9110"

struct senior_row {
    struct rule rule;
    void (*judge)(const struct senior_facts *facts, struct judgement *judgement);
};

static const struct senior_row ROWS[] = {
    /* clang-format off */
    {{"EDG-01", RULE_SAFE, "CWE-20", WORKS,
     "What a page does not expect reaches code that does not expect it either.",
     "Check each value where it comes in, and answer 400 or 404.",
     "https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html",
     {{OUTAGE_WHOLE, "Plain values make the server fail"},
      {OUTAGE_PARTS, "Odd values make the site fail"}}, RULE_FUNCTIONAL},
     senior_check_edges},
    {{"EDG-02", RULE_SAFE, "CWE-20", "ASVS:5.1.3 " WORKS,
     "What a description forbids and code lets in reaches places that are not made for it.",
     "Check each call by the description, and answer 400 or 422.", OPENAPI,
     {{OUTAGE_WHOLE, "Calls that the API's description forbids make the server fail"},
      {OUTAGE_PARTS, "Calls that the API's description forbids are accepted"}}, RULE_FUNCTIONAL},
     senior_check_api_wrong},
    {{"EDG-03", RULE_SAFE, "CWE-440", WORKS,
     "Clients that keep to the description are turned away.",
     "Take what the description allows, or say less there.", OPENAPI,
     {{OUTAGE_PARTS, "Calls that the API's description allows are rejected"}}, RULE_FUNCTIONAL},
     senior_check_api_right},
    {{"EDG-04", RULE_SAFE, "CWE-650", WORKS,
     "A method that nobody described is one that nobody guards or tests.",
     "Answer 405 with Allow to methods that are not described.",
     RFC "#status.405",
     {{OUTAGE_LIGHT, "Methods are answered otherwise than the API's description says"}},
     RULE_FUNCTIONAL},
     senior_check_api_methods},
    {{"EDG-05", RULE_SAFE, "CWE-1059", WORKS,
     "Clients are written by what the API's description says, not by what it answers.",
     "Mend the operation, or what the description says of it.", OPENAPI,
     {{OUTAGE_WHOLE, "Calls that the API's description allows make the server fail"},
      {OUTAGE_PARTS, "Answers of the API are not as its description says"}}, RULE_FUNCTIONAL},
     senior_check_api_answers},
    {{"EDG-06", RULE_SAFE, "CWE-306", "OWASP:A01:2021 OWASP:A07:2021 " WORKS,
     "What is meant for some is there for everybody.",
     "Ask for a valid credential before anything else is done.",
     "https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html",
     {{READS_ALL, "Operations that want a credential do without"}}, RULE_SECURITY},
     senior_check_api_callers},
    {{"EDG-07", RULE_ACTIVE, "CWE-672", WORKS,
     "What was made cannot be found, or what was deleted still can.",
     "Look at what creating and deleting leave behind, caches included.", OPENAPI,
     {{OUTAGE_PARTS, "What was made is not there, or what was deleted is"}}, RULE_FUNCTIONAL},
     senior_check_api_life},
    {{"SEM-01", RULE_SAFE, "CWE-440", WORKS,
     "Caches, link checkers and download managers ask by HEAD and believe what they hear.",
     "Answer HEAD as GET, without a body.", RFC "#name-head",
     {{OUTAGE_LIGHT, "HEAD is answered otherwise than GET"}}, RULE_FUNCTIONAL},
     senior_check_head},
    {{"SEM-02", RULE_SAFE, "CWE-440", WORKS,
     "What has not changed is sent again each time.",
     "Answer 304 with the same ETag where nothing has changed.",
     RFC "#name-conditional-requests",
     {{OUTAGE_LIGHT, "Conditional requests are not answered as they should be"}}, RULE_FUNCTIONAL},
     senior_check_validators},
    {{"SEM-03", RULE_SAFE, "CWE-440", WORKS,
     "Interrupted downloads are continued with the wrong bytes, or from the start.",
     "Send the range that was asked for, or do not announce Accept-Ranges.",
     RFC "#name-range-requests",
     {{OUTAGE_LIGHT, "Ranges are not answered as they should be"}}, RULE_FUNCTIONAL},
     senior_check_ranges},
    {{"SEM-04", RULE_SAFE, "CWE-393", WORKS,
     "Whoever relies on the status takes an error for a page: crawlers, caches, monitors.",
     "Answer 404 or 410 for what is not there, 405 or 501 for methods that are not known.",
     RFC "#name-status-codes",
     {{OUTAGE_LIGHT, "What does not exist is answered as if it did, or with a server error"}},
     RULE_FUNCTIONAL},
     senior_check_unknown},
    {{"SEM-05", RULE_SAFE, "CWE-703", "ASVS:13.1.5 " WORKS,
     "A client that asks for another media type is no error of the server.",
     "Answer 406 or 415, or what there is.", RFC "#name-content-negotiation",
     {{OUTAGE_LIGHT, "Unknown media types make the server fail"}}, RULE_FUNCTIONAL},
     senior_check_media},
    {{"SEM-06", RULE_SAFE, "CWE-178", WORKS,
     "Who guards one way to write a path and not another guards nothing.",
     "Decide on the path as it is after decoding and removing dots, once, in one place.",
     "https://www.rfc-editor.org/rfc/rfc3986#section-6",
     {{READS_ALL, "A page that is closed opens when its path is written differently"},
      {OUTAGE_PARTS, "Other ways to write a path make the server fail"}}, RULE_FUNCTIONAL},
     senior_check_forms},
    {{"SEM-07", RULE_SAFE, "CWE-770", WORKS,
     "Proxies, tracking parameters and many cookies make long requests every day.",
     "Answer 431 or 414 to what is too long.", "https://www.rfc-editor.org/rfc/rfc6585#section-5",
     {{OUTAGE_WHOLE, "After a request that is too long the site does not answer any more"},
      {OUTAGE_PARTS, "Requests that are too long make the server fail"}}, RULE_FUNCTIONAL},
     senior_check_sizes},
    {{"SEM-09", RULE_SAFE, "CWE-440", WORKS,
     "The same request gives another page each time, tokens and dates aside.",
     "See that this is meant: caches and tests cannot tell.", RFC "#name-idempotent-methods",
     {{NO_IMPACT, "The same request is not answered alike"}}, RULE_FUNCTIONAL},
     senior_check_steady},
    {{"SEM-10", RULE_SAFE, "CWE-362", WORKS,
     "What works for one visitor does not for ten at a time.",
     "Look for what requests share: locks, files, connections to the database.",
     RFC "#name-idempotent-methods",
     {{OUTAGE_PARTS, "Ten equal requests at once are not answered as one"}}, RULE_FUNCTIONAL},
     senior_check_crowd},
    {{"SEM-11", RULE_SAFE, "CWE-703", WORKS,
     "A phone with poor reception sends its request in pieces.",
     "Wait for the end of a request for some seconds.",
     "https://www.rfc-editor.org/rfc/rfc9112#name-message-parsing",
     {{OUTAGE_LIGHT, "A slow client is not answered"}}, RULE_FUNCTIONAL},
     senior_check_slow},
    /* clang-format on */
};

enum { OWN = sizeof(ROWS) / sizeof(ROWS[0]) };

const struct rule *senior_rules_get(size_t index) {
    return index < OWN ? &ROWS[index].rule : access_rules_get(index - OWN);
}

void senior_rules_judge(size_t index, const struct senior_facts *facts,
                        struct judgement *judgement) {
    if (index < OWN)
        ROWS[index].judge(facts, judgement);
    else
        access_judge(facts->access, (enum html_access)(index - OWN), judgement);
}

/* The table: as security's. */
#include "agents/junior/junior_rules.h"

#include "agents/junior/junior_check.h"

#define OUTAGE_WHOLE "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" /* 7.5 */
#define OUTAGE_PARTS "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 5.3 */
#define OUTAGE_LIGHT "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L" /* 3.7 */
#define NO_IMPACT "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N"    /* 0.0 */

#define WORKS "ISO25010:8.2"
#define HTML_SPEC "https://html.spec.whatwg.org/multipage/"
#define RFC_STATUS "https://www.rfc-editor.org/rfc/rfc9110#name-status-codes"

struct junior_row {
    struct rule rule;
    void (*judge)(const struct site *site, struct judgement *judgement);
};

static const struct junior_row ROWS[] = {
    /* clang-format off */
    {{"FUN-01", RULE_PASSIVE, "CWE-703", WORKS,
     "Where nothing answers, nothing works.",
     "Find out why the address does not answer with its page.", RFC_STATUS,
     {{"critical", "The target does not answer"},
      {OUTAGE_WHOLE, "The target answers with a server error"},
      {OUTAGE_PARTS, "The target answers with an error"}}, RULE_FUNCTIONAL},
     junior_check_answers},
    {{"FUN-03", RULE_PASSIVE, "CWE-1059", WORKS,
     "What robots.txt keeps from crawlers is not tested here either.",
     "Let the product token agnostic-qa in where it may test.",
     "https://www.rfc-editor.org/rfc/rfc9309",
     {{OUTAGE_LIGHT, "robots.txt is not answered, so nothing may be discovered"},
      {NO_IMPACT, "robots.txt keeps pages from being tested"}}, RULE_FUNCTIONAL},
     junior_check_robots},
    {{"FUN-04", RULE_SAFE, "CWE-703", WORKS,
     "Visitors who follow the link get nothing.",
     "Mend the link, or what it leads to.", RFC_STATUS,
     {{OUTAGE_PARTS, "Pages link to pages that are not there"}}, RULE_FUNCTIONAL},
     junior_check_links},
    {{"FUN-05", RULE_SAFE, "CWE-1059", WORKS,
     "Visitors who follow the link find nothing, or whoever has taken the name over.",
     "Mend the link, or take it away.", RFC_STATUS,
     {{OUTAGE_LIGHT, "Pages link to what is not there on other sites"}}, RULE_FUNCTIONAL},
     junior_check_elsewhere},
    {{"FUN-06", RULE_SAFE, "CWE-1059", WORKS,
     "The link ends at the top of the page, not at what it speaks of.",
     "Give the place that id, or link to another.", HTML_SPEC "browsing-the-web.html",
     {{OUTAGE_LIGHT, "Links lead to places within pages that are not there"}}, RULE_FUNCTIONAL},
     junior_check_fragments},
    {{"FUN-07", RULE_SAFE, "CWE-1059", WORKS,
     "Each step costs a round trip, and long chains break.",
     "Link to where the content is, and redirect once.", RFC_STATUS,
     {{OUTAGE_LIGHT, "Redirects go a long way round"}}, RULE_FUNCTIONAL},
     junior_check_redirects},
    {{"FUN-08", RULE_SAFE, "CWE-838", WORKS,
     "Browsers show replacement characters, half of it, or nothing.",
     "Send what Content-Type, its charset, Content-Length and Content-Encoding say.",
     "https://www.rfc-editor.org/rfc/rfc9110#section-8",
     {{OUTAGE_LIGHT, "Pages hold bytes that are no text of their charset"},
      {OUTAGE_LIGHT, "Answers are not what their Content-Type says"},
      {OUTAGE_LIGHT, "Answers end before all that they announce was sent"},
      {OUTAGE_LIGHT, "Answers cannot be decoded as their Content-Encoding says"}},
     RULE_FUNCTIONAL},
     junior_check_content},
    {{"FUN-09", RULE_SAFE, "CWE-1059", WORKS,
     "Tabs, bookmarks and search results have nothing to show, and browsers fall back to old rules.",
     "Give each page a title and <!doctype html>.",
     HTML_SPEC "semantics.html#the-title-element",
     {{OUTAGE_LIGHT, "Pages have no title"},
      {NO_IMPACT, "Pages are not well made"}}, RULE_FUNCTIONAL},
     junior_check_documents},
    {{"FUN-10", RULE_SAFE, "CWE-1059", WORKS,
     "Search engines pass over what the sitemap promises and is not of the site.",
     "List URLs of this origin only.", "https://www.sitemaps.org/protocol.html",
     {{OUTAGE_LIGHT, "The sitemap lists what is not of this site"}}, RULE_FUNCTIONAL},
     junior_check_sitemap},
    {{"FUN-11", RULE_SAFE, "CWE-1059", WORKS,
     "Browsers show no icon, telephones cannot install the page, readers of feeds get nothing.",
     "Mend the reference, or take it away.", HTML_SPEC "links.html#linkTypes",
     {{NO_IMPACT, "Pages name icons, manifests or feeds that are not there"}}, RULE_FUNCTIONAL},
     junior_check_asides},
    {{"FUN-12", RULE_SAFE, "CWE-1059", WORKS,
     "Clients are written by what the API's description says, not by what it answers.",
     "Mend the operation, or what the description says of it.",
     "https://spec.openapis.org/oas/v3.1.0",
     {{OUTAGE_WHOLE, "An operation of the API answers with a server error"},
      {OUTAGE_PARTS, "An operation of the API answers otherwise than its description says"}},
     RULE_FUNCTIONAL},
     junior_check_smoke},
    {{"FUN-13", RULE_SAFE, "CWE-703", WORKS,
     "A check of your own says that the answer must be otherwise.",
     "Compare what was asserted with what was answered.", NULL,
     {{"critical", "A check of your own fails"},
      {"high", "A check of your own fails"},
      {"medium", "A check of your own fails"},
      {"low", "A check of your own fails"}}, RULE_FUNCTIONAL},
     junior_check_users},
    {{"FUN-14", RULE_SAFE, "CWE-703", WORKS,
     "What fails now and then fails for somebody each time.",
     "Find out what the failed answers had in common.", RFC_STATUS,
     {{OUTAGE_LIGHT, "Some addresses fail only sometimes"}}, RULE_FUNCTIONAL},
     junior_check_flaky},
    {{"FUN-15", RULE_SAFE, "CWE-703", WORKS,
     "Visitors meet an error at the front door now and then.",
     "Find out what was down at these moments.", RFC_STATUS,
     {{OUTAGE_WHOLE, "The target is not there all the time"}}, RULE_FUNCTIONAL},
     junior_check_presence},
    {{"FUN-16", RULE_NOT_AVAILABLE, "CWE-1059", WORKS,
     "What looks otherwise than before may be broken though every request is answered.",
     "Look at the pictures that the plug-in browser leaves.", NULL,
     {{NO_IMPACT, "Pages look otherwise than in the last session"}}, RULE_FUNCTIONAL},
     junior_check_pictures},
    {{"FUN-18", RULE_SAFE, "CWE-703", WORKS,
     "Visitors who follow the link see an error of the server.",
     "Find the error in the server's log.", RFC_STATUS,
     {{OUTAGE_WHOLE, "Pages of the site answer with a server error"}}, RULE_FUNCTIONAL},
     junior_check_server_errors},
    {{"FUN-19", RULE_SAFE, "CWE-694", WORKS,
     "Scripts, labels and links find only the first of them.",
     "Give each element an id of its own.", HTML_SPEC "dom.html#the-id-attribute",
     {{OUTAGE_LIGHT, "An id is there twice on a page"}}, RULE_FUNCTIONAL},
     junior_check_ids},
    {{"FUN-20", RULE_SAFE, "CWE-1059", WORKS,
     "Whoever fills the form in cannot send it.",
     "Give the form a button.", HTML_SPEC "form-control-infrastructure.html",
     {{OUTAGE_LIGHT, "A form has nothing that sends it"}}, RULE_FUNCTIONAL},
     junior_check_forms},
    {{"FUN-21", RULE_SAFE, "CWE-703", WORKS,
     "Something of the page is missing: an image, a style, a script.",
     "Mend the reference, or put the file where it points.", RFC_STATUS,
     {{OUTAGE_LIGHT, "Pages load files that are not there"}}, RULE_FUNCTIONAL},
     junior_check_assets},
    /* clang-format on */
};

const struct rule *junior_rules_get(size_t index) {
    return index < sizeof(ROWS) / sizeof(ROWS[0]) ? &ROWS[index].rule : NULL;
}

bool junior_rules_is_users(size_t index) {
    return ROWS[index].judge == junior_check_users;
}

void junior_rules_judge(size_t index, const struct site *site, struct judgement *judgement) {
    ROWS[index].judge(site, judgement);
}

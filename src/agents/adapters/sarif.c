/* Reads SARIF 2.1.0, whoever wrote it. Of each run: the driver's rules, its results, and whether it
 * says itself that it failed. Nothing outside the document is followed. */
#include <stdio.h>
#include <string.h>

#include "agents/adapters/readers.h"
#include "agnostic/base/json.h"

enum { RUNS_MAX = 100, RESULTS_MAX = 50000, RULES_SOUGHT = 1000, NOTE_SIZE = 400 };

/* Words of a tool about itself: no band is claimed that nobody rated. */
static const struct {
    const char *level;
    enum severity severity;
} LEVELS[] = {{"error", SEVERITY_MEDIUM},
              {"warning", SEVERITY_LOW},
              {"note", SEVERITY_INFO},
              {"none", SEVERITY_INFO}};

/* What a result is, beside a fault. */
static const struct {
    const char *kind;
    enum { PASSED, SKIPPED, UNDECIDED } meaning;
} KINDS[] = {{"pass", PASSED},
             {"notApplicable", SKIPPED},
             {"open", UNDECIDED},
             {"review", UNDECIDED},
             {"informational", UNDECIDED}};

/* One result and where it belongs. */
struct sarif {
    struct harvest *harvest;
    const struct json *run, *driver, *result, *rule; /* rule NULL: it has none */
    char component[JUDGEMENT_COMPONENT_SIZE];
};

static struct text sarif_text(const struct json *object, const char *path) {
    struct text t = {NULL, 0};
    (void)json_text(json_path(object, path), &t);
    return t;
}

/* --- the rule --------------------------------------------------------------------------------- */

/* "ab" is meant by "ab" and by "ab/c". */
static bool sarif_is_rule(const struct json *rule, struct text id) {
    struct text own = sarif_text(rule, "id");
    return own.len > 0 && text_starts(id, own) && (id.len == own.len || id.ptr[own.len] == '/');
}

static const struct json *sarif_rule(const struct sarif *sarif, struct text id) {
    const struct json *rules = json_get(sarif->driver, "rules");
    int64_t index;
    if (json_int(json_get(sarif->result, "ruleIndex"), 0, INT32_MAX, &index) ||
        json_int(json_path(sarif->result, "rule.index"), 0, INT32_MAX, &index)) {
        const struct json *rule = json_at(rules, (size_t)index);
        if (id.len == 0 || sarif_is_rule(rule, id))
            return rule;
    }
    for (size_t i = 0; i < json_count(rules) && i < RULES_SOUGHT && id.len > 0; i++)
        if (sarif_is_rule(json_at(rules, i), id))
            return json_at(rules, i);
    return NULL;
}

/* "7.5" or 7.5, times ten; -1 when it is neither. */
static int sarif_tenths(const struct json *value) {
    struct text t, whole;
    uint64_t n = 0, tenth = 0;
    double d;
    if (json_number(value, &d) && d >= 0 && d <= 10)
        return (int)(d * 10 + 0.5);
    if (!json_text(value, &t) || !text_cut(&t, '.', &whole) || !text_u64(whole, 10, &n))
        return -1;
    if (t.ptr != NULL && !text_u64(text_make(t.ptr, t.len > 0 ? 1 : 0), 9, &tenth))
        return -1;
    int tenths = (int)(n * 10 + tenth);
    return tenths <= 100 ? tenths : -1;
}

static enum severity sarif_severity(const struct sarif *sarif) {
    struct text level = sarif_text(sarif->result, "level");
    int tenths = sarif_tenths(json_get(json_get(sarif->result, "properties"), "security-severity"));
    if (tenths < 0)
        tenths = sarif_tenths(json_get(json_get(sarif->rule, "properties"), "security-severity"));
    if (tenths >= 0)
        return cvss_severity(tenths);
    if (level.len == 0)
        level = sarif_text(sarif->rule, "defaultConfiguration.level");
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++)
        if (text_is(level, LEVELS[i].level))
            return LEVELS[i].severity;
    return SEVERITY_LOW; /* "warning" is what it is when nobody says */
}

/* "external/cwe/cwe-079", "CWE-79": as "CWE-79". */
static void sarif_cwe(const struct sarif *sarif, char dst[static 16]) {
    const struct json *tags = json_path(sarif->rule, "properties.tags");
    struct text tag;
    dst[0] = '\0';
    for (size_t i = 0; i < json_count(tags) && dst[0] == '\0'; i++) {
        uint64_t n;
        long at = json_text(json_at(tags, i), &tag) ? text_ifind(tag, TEXT("cwe-")) : -1;
        if (at >= 0 && text_u64(text_make(tag.ptr + at + 4, tag.len - (size_t)at - 4), 99999, &n))
            snprintf(dst, 16, "CWE-%u", (unsigned)n);
    }
}

/* --- the place -------------------------------------------------------------------------------- */

/* A URL's origin, so that it is the component that other agents name; of a file its name. */
static void sarif_component(struct sarif *sarif, struct text where) {
    struct url url;
    char *dst = sarif->component;
    dst[0] = '\0';
    if (where.len > 0 && url_parse(where, &url, NULL) == ERR_OK)
        url_origin(&url, dst, sizeof(sarif->component));
    else if (!text_copy(where, dst, sizeof(sarif->component)))
        text_copy(text_make(where.ptr, sizeof(sarif->component) - 1), dst,
                  sizeof(sarif->component));
}

static struct text sarif_where(const struct sarif *sarif) {
    const struct json *location = json_at(json_get(sarif->result, "locations"), 0);
    struct text where = sarif_text(sarif->result, "webRequest.target");
    int64_t index;
    if (where.len == 0)
        where = sarif_text(location, "physicalLocation.artifactLocation.uri");
    if (where.len == 0 && json_int(json_path(location, "physicalLocation.artifactLocation.index"),
                                   0, INT32_MAX, &index))
        where =
            sarif_text(json_at(json_get(sarif->run, "artifacts"), (size_t)index), "location.uri");
    return where;
}

/* --- one result ------------------------------------------------------------------------------- */

static struct judgement *sarif_judgement(const struct sarif *sarif, struct text id) {
    char cwe[16];
    struct harvest_foreign foreign = {.prefix = sarif_text(sarif->driver, "name"),
                                      .id = id,
                                      .severity = sarif_severity(sarif),
                                      .component = text_of(sarif->component)};
    foreign.title = sarif_text(sarif->rule, "shortDescription.text");
    if (foreign.title.len == 0)
        foreign.title = sarif_text(sarif->rule, "name");
    foreign.description = sarif_text(sarif->rule, "fullDescription.text");
    foreign.remediation = sarif_text(sarif->rule, "help.text");
    foreign.reference = sarif_text(sarif->rule, "helpUri");
    sarif_cwe(sarif, cwe);
    foreign.cwe = text_of(cwe);
    return harvest_foreign(sarif->harvest, &foreign);
}

/* The text of the result, or the rule's text that it names. */
static struct text sarif_message(const struct sarif *sarif) {
    struct text message = sarif_text(sarif->result, "message.text");
    char name[64];
    if (message.len > 0 || !text_copy(sarif_text(sarif->result, "message.id"), name, sizeof(name)))
        return message;
    return sarif_text(json_get(json_get(sarif->rule, "messageStrings"), name), "text");
}

static void sarif_fault(const struct sarif *sarif, struct judgement *judgement) {
    const struct json *location = json_at(json_get(sarif->result, "locations"), 0);
    struct text where = sarif_where(sarif), message = sarif_message(sarif);
    int64_t line = 0;
    char place[NOTE_SIZE] = "";
    (void)json_int(json_path(location, "physicalLocation.region.startLine"), 1, INT32_MAX, &line);
    if (where.len > 0 && line > 0)
        snprintf(place, sizeof(place), " (%.*s, line %d)", JUDGEMENT_VALUE(where), (int)line);
    else if (where.len > 0)
        snprintf(place, sizeof(place), " (%.*s)", JUDGEMENT_VALUE(where));
    harvest_fault(judgement, 0, "%.*s%s", JUDGEMENT_VALUE(message), place);
}

/* Not there any more, or accepted by somebody. */
static bool sarif_is_gone(const struct json *result) {
    return text_is(sarif_text(result, "baselineState"), "absent");
}

static bool sarif_is_suppressed(const struct json *result) {
    const struct json *suppressions = json_get(result, "suppressions");
    for (size_t i = 0; i < json_count(suppressions); i++) {
        struct text status = sarif_text(json_at(suppressions, i), "status");
        if (status.len == 0 || text_is(status, "accepted"))
            return true;
    }
    return false;
}

static void sarif_settle(const struct sarif *sarif, struct judgement *judgement) {
    struct text kind = sarif_text(sarif->result, "kind");
    if (judgement == NULL)
        return;
    if (sarif_is_suppressed(sarif->result)) {
        judgement_skip(judgement, "suppressed");
        return;
    }
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (!text_is(kind, KINDS[i].kind))
            continue;
        if (KINDS[i].meaning == PASSED)
            harvest_pass(judgement);
        else if (KINDS[i].meaning == SKIPPED)
            judgement_skip(judgement, "not_applicable");
        else
            judgement_not_tested(judgement, "undecided");
        return;
    }
    sarif_fault(sarif, judgement);
}

static bool sarif_result(struct sarif *sarif) {
    struct text id = sarif_text(sarif->result, "ruleId");
    if (id.len == 0)
        id = sarif_text(sarif->result, "rule.id");
    sarif->rule = sarif_rule(sarif, id);
    if (id.len == 0)
        id = sarif_text(sarif->rule, "id");
    if (json_kind(sarif->result) != JSON_OBJECT || id.len == 0)
        return false;
    if (sarif_is_gone(sarif->result))
        return true;
    sarif_component(sarif, sarif_where(sarif));
    sarif_settle(sarif, sarif_judgement(sarif, id));
    return true;
}

/* --- all -------------------------------------------------------------------------------------- */

static void sarif_invocations(const struct sarif *sarif) {
    const struct json *invocations = json_get(sarif->run, "invocations");
    for (size_t i = 0; i < json_count(invocations); i++)
        if (!json_bool(json_get(json_at(invocations, i), "executionSuccessful"), true))
            harvest_incomplete(sarif->harvest);
}

static enum err sarif_run(const struct json *run, size_t number, struct harvest *harvest,
                          struct fault *fault) {
    const struct json *results = json_get(run, "results");
    struct sarif sarif = {.harvest = harvest, .run = run, .driver = json_path(run, "tool.driver")};
    if (sarif_text(sarif.driver, "name").len == 0 ||
        (json_kind(results) != JSON_ARRAY && json_kind(results) != JSON_NONE &&
         json_kind(results) != JSON_NULL))
        return fault_set(fault, ERR_SYNTAX, "not SARIF: run %zu has no driver or no results",
                         number);
    if (json_count(results) > RESULTS_MAX)
        return fault_set(fault, ERR_TOO_LARGE, "run %zu has more than %d results", number,
                         RESULTS_MAX);
    for (size_t i = 0; i < json_count(results); i++) {
        sarif.result = json_at(results, i);
        if (!sarif_result(&sarif))
            return fault_set(fault, ERR_SYNTAX, "not SARIF: result %zu of run %zu has no rule", i,
                             number);
    }
    if (json_kind(results) != JSON_ARRAY) /* so a run says that it failed before it began */
        harvest_incomplete(harvest);
    sarif_invocations(&sarif);
    return ERR_OK;
}

static enum err sarif_read_tree(const struct json *root, struct harvest *harvest,
                                struct fault *fault) {
    const struct json *runs = json_get(root, "runs");
    enum err err = ERR_OK;
    if (!text_is(sarif_text(root, "version"), "2.1.0") || json_kind(runs) != JSON_ARRAY ||
        json_count(runs) > RUNS_MAX)
        return fault_set(fault, ERR_SYNTAX, "not SARIF 2.1.0");
    for (size_t i = 0; err == ERR_OK && i < json_count(runs); i++)
        err = sarif_run(json_at(runs, i), i, harvest, fault);
    return err;
}

enum err sarif_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct json *root = NULL;
    struct json_fault why;
    if (text_starts(output, TEXT("\xef\xbb\xbf")))
        output = text_make(output.ptr + 3, output.len - 3);
    enum err err = json_parse(output, &JSON_LIMITS_RESULT, &root, &why);
    if (err == ERR_SYNTAX)
        fault_set(ret_fault, err, "not JSON: %s at character %zu", why.reason, why.offset);
    else if (err != ERR_OK)
        fault_set(ret_fault, err, "%s", err_text(err));
    else
        err = sarif_read_tree(root, harvest, ret_fault);
    json_free(root);
    return err;
}

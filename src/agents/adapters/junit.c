/* Reads JUnit XML as test runners write it: suites in suites, cases in them. A case that failed is
 * a fault of what it tests; one that broke was not tested. */
#include "agents/adapters/readers.h"
#include "agnostic/base/xml.h"

/* "class.name", of whatever is there. */
static struct judgement *junit_judgement(struct harvest *harvest, const struct xml *testcase) {
    struct text suite = text_of(xml_attribute(testcase, "classname")),
                name = text_of(xml_attribute(testcase, "name"));
    struct buf id;
    if (name.len == 0)
        name = TEXT("unnamed");
    buf_init(&id, suite.len + name.len + 1);
    buf_puttext(&id, suite);
    buf_puts(&id, suite.len > 0 ? "." : "");
    buf_puttext(&id, name);
    const struct harvest_foreign foreign = {
        .id = buf_text(&id), .title = name, .description = suite, .severity = SEVERITY_HIGH};
    struct judgement *judgement = id.failed ? NULL : harvest_foreign(harvest, &foreign);
    if (judgement == NULL)
        harvest_incomplete(harvest);
    buf_done(&id);
    return judgement;
}

/* By a child, or, of a test that is switched off, by an attribute. */
static bool junit_is_skipped(const struct xml *testcase) {
    struct text status = text_of(xml_attribute(testcase, "status"));
    return xml_child(testcase, "skipped") != NULL || text_is(status, "notrun") ||
           text_is(status, "disabled");
}

/* What a <failure> says: its message, else its text. */
static struct text junit_message(const struct xml *element) {
    struct text message = text_of(xml_attribute(element, "message"));
    return message.len > 0 ? message : xml_text(element);
}

static void junit_case(struct harvest *harvest, const struct xml *testcase) {
    struct judgement *judgement = junit_judgement(harvest, testcase);
    const struct xml *failure = xml_child(testcase, "failure"),
                     *error = xml_child(testcase, "error");
    if (error != NULL)
        harvest_incomplete(harvest);
    if (judgement == NULL)
        return;
    if (failure != NULL)
        harvest_fault(judgement, 0, "%.*s", JUDGEMENT_VALUE(junit_message(failure)));
    else if (error != NULL)
        judgement_not_tested(judgement, "error");
    else if (junit_is_skipped(testcase))
        judgement_skip(judgement, "skipped");
    else
        harvest_pass(judgement);
}

/* How many cases there are in it and in the suites in it. */
static size_t junit_suite(struct harvest *harvest, const struct xml *suite, int depth) {
    size_t count = 0;
    const struct xml *child = depth < (int)XML_LIMITS.depth ? xml_child(suite, NULL) : NULL;
    for (; child != NULL; child = xml_next(child, NULL)) {
        if (xml_is(child, "testsuite"))
            count += junit_suite(harvest, child, depth + 1);
        if (!xml_is(child, "testcase"))
            continue;
        junit_case(harvest, child);
        count++;
    }
    return count;
}

enum err junit_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct xml *root = NULL;
    enum err err = xml_parse(output, &XML_LIMITS, &root, ret_fault);
    if (err == ERR_OK && !xml_is(root, "testsuites") && !xml_is(root, "testsuite"))
        err = fault_set(ret_fault, ERR_SYNTAX, "not JUnit: its root is no testsuites");
    if (err == ERR_OK && junit_suite(harvest, root, 0) == 0)
        err = fault_set(ret_fault, ERR_SYNTAX, "not JUnit: it holds no test case");
    xml_free(root);
    return err;
}

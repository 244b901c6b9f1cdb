/* Checks summed up by requirement. The catalogue is what the noted rules map to. */
#include "agents/standards.h"

#include <stdlib.h>

enum { REQUIREMENTS_MAX = 512, WORD_SIZE = 64 };
enum verdict_word { NOT_TESTED, PASS, FAIL, VERDICT_WORDS };

static const char *const VERDICTS[VERDICT_WORDS] = {"not_tested", "pass", "fail"};

/* Ways of writing a name, without blanks and dashes, and the name in our rules. */
static const struct {
    const char *written, *name;
} NAMES[] = {
    {"OWASP", "OWASP"},          {"OWASPTOP10", "OWASP"},
    {"OWASPTOP102021", "OWASP"}, {"ASVS", "ASVS"},
    {"OWASPASVS", "ASVS"},       {"PCI", "PCI"},
    {"PCIDSS", "PCI"},           {"PCIDSS4", "PCI"},
    {"PCIDSS4.0", "PCI"},        {"GDPR", "GDPR"},
    {"ISO27001", "ISO27001"},    {"ISO/IEC27001", "ISO27001"},
    {"ISOIEC27001", "ISO27001"}, {"SOC2", "SOC2"},
};

struct requirement {
    struct text standard, id; /* views of the rules */
    enum verdict_word verdict;
};

struct standards {
    const struct json *wanted;
    struct requirement requirements[REQUIREMENTS_MAX];
    size_t count;
};

enum err standards_new(const struct json *wanted, struct standards **ret_standards) {
    struct standards *standards = calloc(1, sizeof(*standards));
    if (standards == NULL)
        return ERR_NOMEM;
    standards->wanted = wanted;
    *ret_standards = standards;
    return ERR_OK;
}

void standards_free(struct standards *standards) {
    free(standards);
}

static struct requirement *standards_requirement(struct standards *standards, struct text standard,
                                                 struct text id) {
    for (size_t i = 0; i < standards->count; i++)
        if (text_eq(standards->requirements[i].standard, standard) &&
            text_eq(standards->requirements[i].id, id))
            return &standards->requirements[i];
    if (standards->count == REQUIREMENTS_MAX)
        return NULL;
    struct requirement *added = &standards->requirements[standards->count++];
    *added = (struct requirement){standard, id, NOT_TESTED};
    return added;
}

void standards_note(struct standards *standards, const struct rule *rule,
                    enum judgement_status status) {
    struct text rest = text_of(rule->standards), standard, id;
    enum verdict_word verdict = status == JUDGEMENT_FAILED   ? FAIL
                                : status == JUDGEMENT_PASSED ? PASS
                                                             : NOT_TESTED;
    while (rule_standard_next(&rest, &standard, &id)) {
        struct requirement *requirement = standards_requirement(standards, standard, id);
        if (requirement != NULL && verdict > requirement->verdict)
            requirement->verdict = verdict;
    }
}

/* The name in our rules of what a client wrote, or NULL. */
static const char *standards_name(struct text written) {
    char word[WORD_SIZE];
    size_t len = 0;
    for (size_t i = 0; i < written.len && len < sizeof(word); i++)
        if (written.ptr[i] != ' ' && written.ptr[i] != '-' && written.ptr[i] != '_')
            word[len++] = written.ptr[i];
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (text_ieq(text_make(word, len), text_of(NAMES[i].written)))
            return NAMES[i].name;
    return NULL;
}

static void standards_put_requirements(const struct standards *standards, const char *name,
                                       size_t *counts, struct json_out *out) {
    json_out_name(out, "requirements");
    json_out_array(out);
    for (size_t i = 0; i < standards->count; i++) {
        const struct requirement *requirement = &standards->requirements[i];
        if (!text_is(requirement->standard, name))
            continue;
        counts[requirement->verdict]++;
        json_out_object(out);
        json_out_member_text(out, "id", requirement->id);
        json_out_member(out, "status", VERDICTS[requirement->verdict]);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void standards_put_one(const struct standards *standards, struct text asked,
                              struct json_out *out) {
    const char *name = standards_name(asked);
    size_t counts[VERDICT_WORDS] = {0};
    json_out_object(out);
    json_out_member_text(out, "asked", asked);
    if (name == NULL) {
        json_out_member(out, "status", "not_supported");
        json_out_end_object(out);
        return;
    }
    json_out_member(out, "standard", name);
    standards_put_requirements(standards, name, counts, out);
    for (int verdict = 0; verdict < VERDICT_WORDS; verdict++)
        json_out_member_int(out, VERDICTS[verdict], (int64_t)counts[verdict]);
    size_t measured = counts[PASS] + counts[FAIL], all = measured + counts[NOT_TESTED];
    json_out_name(out, "coverage");
    json_out_double(out, all > 0 ? (double)measured / (double)all : 0);
    json_out_member(out, "note", "external checks only; not an audit");
    json_out_end_object(out);
}

void standards_put(const struct standards *standards, struct json_out *out) {
    struct text asked;
    json_out_array(out);
    for (size_t i = 0; i < json_count(standards->wanted); i++)
        if (json_text(json_at(standards->wanted, i), &asked))
            standards_put_one(standards, asked, out);
    json_out_end_array(out);
}

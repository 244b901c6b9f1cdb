/* Checks summed up by requirement. The catalogue is what the rules map to, and the requirements
 * that no check can see. */
#include "agents/standards.h"

#include <stdlib.h>

#include "agents/requirement.h"

enum { REQUIREMENTS_MAX = 512, WORD_SIZE = 64 };
enum finding_word { NOT_TESTED, PASS, FAIL, OUTSIDE, FINDING_WORDS };

static const char *const WORDS[FINDING_WORDS] = {"not_tested", "pass", "fail",
                                                 "not_testable_externally"};

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
    {"HIPAA", "HIPAA"},          {"WCAG", "WCAG"},
    {"WCAG2.0", "WCAG"},         {"WCAG2.1", "WCAG"},
    {"WCAG2.1AA", "WCAG"},       {"WCAG2.2", "WCAG"},
    {"WCAG2.2AA", "WCAG"},
};

struct requirement {
    struct text id;    /* view of a rule or of the table */
    const char *title; /* NULL: none */
    enum finding_word word;
};

/* One standard's requirements. */
struct sum {
    const char *standard;
    struct requirement requirements[REQUIREMENTS_MAX];
    size_t count, counts[FINDING_WORDS];
};

static struct requirement *sum_requirement(struct sum *sum, struct text id) {
    for (size_t i = 0; i < sum->count; i++)
        if (text_eq(sum->requirements[i].id, id))
            return &sum->requirements[i];
    if (sum->count == REQUIREMENTS_MAX)
        return NULL;
    sum->requirements[sum->count] = (struct requirement){.id = id};
    return &sum->requirements[sum->count++];
}

static void sum_check(struct sum *sum, const struct tally_row *row) {
    struct text rest = text_of(row->rule->standards), standard, id;
    enum finding_word word = row->status == JUDGEMENT_FAILED   ? FAIL
                             : row->status == JUDGEMENT_PASSED ? PASS
                                                               : NOT_TESTED;
    while (rule_standard_next(&rest, &standard, &id)) {
        if (!text_is(standard, sum->standard))
            continue;
        struct requirement *requirement = sum_requirement(sum, id);
        if (requirement != NULL && word > requirement->word)
            requirement->word = word;
    }
}

static void sum_outside(struct sum *sum) {
    const struct requirement_row *row;
    for (size_t i = 0; (row = requirement_at(i)) != NULL; i++) {
        struct requirement *requirement = text_is(text_of(row->standard), sum->standard)
                                              ? sum_requirement(sum, text_of(row->id))
                                              : NULL;
        if (requirement != NULL)
            *requirement = (struct requirement){text_of(row->id), row->title, OUTSIDE};
    }
}

static void sum_make(struct sum *sum, const struct tally *tally) {
    for (size_t i = 0; i < tally->count; i++)
        sum_check(sum, &tally->rows[i]);
    sum_outside(sum);
    for (size_t i = 0; i < sum->count; i++)
        sum->counts[sum->requirements[i].word]++;
}

const char *standards_name(struct text written) {
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

static void sum_put_requirements(const struct sum *sum, struct json_out *out) {
    json_out_name(out, "requirements");
    json_out_array(out);
    for (size_t i = 0; i < sum->count; i++) {
        json_out_object(out);
        json_out_member_text(out, "id", sum->requirements[i].id);
        json_out_member(out, "status", WORDS[sum->requirements[i].word]);
        if (sum->requirements[i].title != NULL)
            json_out_member(out, "title", sum->requirements[i].title);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void put_share(struct json_out *out, const char *name, size_t part, size_t whole) {
    json_out_name(out, name);
    if (whole > 0)
        json_out_double(out, (double)part / (double)whole);
    else
        json_out_null(out);
}

static void sum_put(const struct sum *sum, struct json_out *out) {
    size_t measured = sum->counts[PASS] + sum->counts[FAIL];
    json_out_member(out, "standard", sum->standard);
    sum_put_requirements(sum, out);
    for (int word = 0; word < FINDING_WORDS; word++)
        json_out_member_int(out, WORDS[word], (int64_t)sum->counts[word]);
    put_share(out, "score", sum->counts[PASS], measured);
    put_share(out, "coverage", measured, sum->count);
    json_out_member(out, "note", "external checks only; not an audit");
}

static void standards_put_one(struct text asked, const struct tally *tally, struct json_out *out) {
    const char *name = standards_name(asked);
    struct sum *sum = name != NULL ? calloc(1, sizeof(*sum)) : NULL;
    json_out_object(out);
    json_out_member_text(out, "asked", asked);
    if (sum == NULL) {
        json_out_member(out, "status", name == NULL ? "not_supported" : "out_of_memory");
    } else {
        sum->standard = name;
        sum_make(sum, tally);
        sum_put(sum, out);
    }
    json_out_end_object(out);
    free(sum);
}

void standards_put(const struct json *wanted, const struct tally *tally, struct json_out *out) {
    struct text asked;
    json_out_array(out);
    for (size_t i = 0; i < json_count(wanted); i++)
        if (json_text(json_at(wanted, i), &asked))
            standards_put_one(asked, tally, out);
    json_out_end_array(out);
}

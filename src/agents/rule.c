/* What can be read off a row of rules. Knows no particular rule and no target. */
#include "agents/rule.h"

static const char *const MODE_WORDS[RULE_MODE__COUNT] = {"passive", "safe", "active",
                                                         "not_available"};
static const char *const CATEGORY_WORDS[RULE_CATEGORY__COUNT] = {
    "security", "security", "security", "performance", "functional", "accessibility", "regression"};

const char *rule_mode_word(enum rule_mode mode) {
    return MODE_WORDS[mode];
}

const char *rule_category_word(enum rule_category category) {
    return CATEGORY_WORDS[category];
}

bool rule_mode_read(struct text word, enum rule_mode *ret_mode) {
    for (int mode = 0; mode < RULE_NOT_AVAILABLE; mode++) {
        if (text_is(word, MODE_WORDS[mode])) {
            *ret_mode = (enum rule_mode)mode;
            return true;
        }
    }
    return false;
}

size_t rule_variant_count(const struct rule *rule) {
    size_t count = 0;
    while (count < RULE_VARIANTS_MAX && rule->variants[count].vector != NULL)
        count++;
    return count;
}

bool rule_rated(const struct rule *rule, size_t variant) {
    int tenths;
    return cvss_score(text_of(rule->variants[variant].vector), &tenths);
}

int rule_score(const struct rule *rule, size_t variant) {
    int tenths = 0;
    (void)cvss_score(text_of(rule->variants[variant].vector), &tenths);
    return tenths;
}

enum severity rule_severity(const struct rule *rule, size_t variant) {
    enum severity severity;
    if (severity_read(text_of(rule->variants[variant].vector), &severity))
        return severity;
    return cvss_severity(rule_score(rule, variant));
}

const char *rule_confidence_word(const struct rule *rule) {
    return rule->category == RULE_SECURITY_SUSPECTED ? "low" : "high";
}

double rule_weight(const struct rule *rule, bool non_public) {
    return rule->category == RULE_SECURITY_PUBLIC && non_public ? RULE_INSIDE_WEIGHT : 1;
}

bool rule_standard_next(struct text *rest, struct text *ret_name, struct text *ret_id) {
    struct text entry;
    while (text_cut(rest, ' ', &entry)) {
        struct text name;
        if (entry.len == 0 || !text_cut(&entry, ':', &name))
            continue;
        *ret_name = name;
        *ret_id = entry;
        return true;
    }
    return false;
}

void rule_put_standards(const struct rule *rule, struct json_out *out) {
    struct text rest = text_of(rule->standards), name, id;
    json_out_array(out);
    while (rule_standard_next(&rest, &name, &id)) {
        json_out_object(out);
        json_out_member_text(out, "std", name);
        json_out_member_text(out, "id", id);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

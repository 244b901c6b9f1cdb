/* Joins what the table knows of a rule with what was seen. Knows no target. */
#include "agents/finding.h"

#include <stdio.h>

#include "agnostic/base/secure.h"

enum { FINDING_ID_HEX = 16 };

static const char ALGORITHM[] = "sha256:";

enum err finding_fingerprint(const struct rule *rule, const struct judgement *judgement,
                             char word[static FINDING_FINGERPRINT_SIZE]) {
    char place[JUDGEMENT_COMPONENT_SIZE + 64], hex[SECURE_HEX_SIZE];
    snprintf(place, sizeof(place), "%s\n%s", rule->id, judgement->component);
    enum err err = secure_sha256_hex(text_of(place), hex);
    if (err == ERR_OK)
        snprintf(word, FINDING_FINGERPRINT_SIZE, "%s%s", ALGORITHM, hex);
    return err;
}

static void finding_put_identity(const struct rule *rule, const struct judgement *judgement,
                                 struct json_out *out) {
    char word[FINDING_FINGERPRINT_SIZE], id[FINDING_ID_HEX + 3];
    if (finding_fingerprint(rule, judgement, word) != ERR_OK)
        return;
    snprintf(id, sizeof(id), "f_%.*s", FINDING_ID_HEX, word + sizeof(ALGORITHM) - 1);
    json_out_member(out, "finding_id", id);
    json_out_member(out, "fingerprint", word);
}

static void finding_put_evidence(const struct judgement *judgement, bool non_public,
                                 struct json_out *out) {
    json_out_name(out, "evidence");
    json_out_object(out);
    json_out_member(out, "summary", judgement->summary);
    json_out_name(out, "instances");
    json_out_array(out);
    if (judgement->instances.len > 0 && !judgement->instances.failed)
        json_out_raw(out, buf_text(&judgement->instances));
    json_out_end_array(out);
    json_out_member_int(out, "instance_count", (int64_t)judgement->fault_count);
    json_out_member(out, "reproduce", buf_str(&judgement->reproduce));
    if (non_public)
        json_out_member(out, "context", "non-public target");
    json_out_end_object(out);
}

void finding_put(const struct rule *rule, const struct judgement *judgement, bool non_public,
                 struct json_out *out) {
    size_t variant = judgement->variant;
    json_out_member(out, "check_id", rule->id);
    finding_put_identity(rule, judgement, out);
    json_out_member(out, "title", rule->variants[variant].title);
    json_out_member(out, "description", rule->description);
    json_out_member(out, "severity", severity_word(rule_severity(rule, variant)));
    json_out_member(out, "category", rule_category_word(rule->category));
    json_out_member(out, "confidence", rule_confidence_word(rule));
    json_out_member(out, "component", judgement->component);
    json_out_member(out, "cwe_id", rule->cwe);
    if (rule_rated(rule, variant)) {
        json_out_name(out, "cvss_score");
        json_out_double(out, rule_score(rule, variant) / 10.0);
        json_out_member(out, "cvss_vector", rule->variants[variant].vector);
    }
    if (rule_weight(rule, non_public) < 1) {
        json_out_name(out, "weight");
        json_out_double(out, rule_weight(rule, non_public));
    }
    json_out_name(out, "standards");
    rule_put_standards(rule, out);
    finding_put_evidence(judgement, non_public, out);
    json_out_member(out, "remediation", rule->remediation);
    json_out_name(out, "references");
    json_out_array(out);
    if (rule->reference != NULL)
        json_out_str(out, rule->reference);
    json_out_end_array(out);
}

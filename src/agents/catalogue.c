/* Three ways of writing a rule down. Knows no single rule. */
#include "agents/catalogue.h"

#include <stdio.h>

enum { SCORE_SIZE = 8 };

/* "7.5", "-" for what has no vector. */
static void put_score(const struct rule *rule, size_t variant, char dst[static SCORE_SIZE]) {
    if (rule_rated(rule, variant))
        snprintf(dst, SCORE_SIZE, "%.1f", rule_score(rule, variant) / 10.0);
    else
        snprintf(dst, SCORE_SIZE, "-");
}

static void put_line(const struct rule *rule, struct buf *buf) {
    char score[SCORE_SIZE];
    for (size_t v = 0; v < rule_variant_count(rule); v++) {
        put_score(rule, v, score);
        buf_printf(buf, "%-11s %-8s %4s  %-8s %-7s %s\n", rule->id,
                   severity_word(rule_severity(rule, v)), score, rule->cwe,
                   rule_mode_word(rule->mode), rule->variants[v].title);
    }
}

static void put_variants(const struct rule *rule, struct json_out *out) {
    json_out_name(out, "variants");
    json_out_array(out);
    for (size_t v = 0; v < rule_variant_count(rule); v++) {
        json_out_object(out);
        json_out_member(out, "title", rule->variants[v].title);
        json_out_member(out, "severity", severity_word(rule_severity(rule, v)));
        if (rule_rated(rule, v)) {
            json_out_name(out, "cvss_score");
            json_out_double(out, rule_score(rule, v) / 10.0);
            json_out_member(out, "cvss_vector", rule->variants[v].vector);
        }
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void put_json(const struct agent_row *row, const struct rule *rule, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "id", rule->id);
    json_out_member(&out, "agent", row->name);
    json_out_member(&out, "category", rule_category_word(rule->category));
    json_out_member(&out, "mode", rule_mode_word(rule->mode));
    json_out_member(&out, "cwe_id", rule->cwe);
    json_out_name(&out, "standards");
    rule_put_standards(rule, &out);
    json_out_member(&out, "description", rule->description);
    json_out_member(&out, "remediation", rule->remediation);
    json_out_member(&out, "reference", rule->reference);
    put_variants(rule, &out);
    json_out_end_object(&out);
    buf_putc(buf, '\n');
}

static void put_markdown(const struct rule *rule, struct buf *buf) {
    struct text rest = text_of(rule->standards), standard, id;
    buf_printf(buf, "### %s\n\n", rule->id);
    for (size_t v = 0; v < rule_variant_count(rule); v++) {
        buf_printf(buf, "- **%s** (%s", rule->variants[v].title,
                   severity_word(rule_severity(rule, v)));
        if (rule_rated(rule, v))
            buf_printf(buf, ", %.1f): `%s`\n", rule_score(rule, v) / 10.0,
                       rule->variants[v].vector);
        else
            buf_puts(buf, ")\n");
    }
    buf_printf(buf, "\n%s %s\n\nMode: %s", rule->description, rule->remediation,
               rule_mode_word(rule->mode));
    if (rule->cwe[0] != '\0')
        buf_printf(buf, "; %s", rule->cwe);
    while (rule_standard_next(&rest, &standard, &id)) {
        buf_puts(buf, "; ");
        buf_puttext(buf, standard);
        buf_putc(buf, ' ');
        buf_puttext(buf, id);
    }
    if (rule->reference != NULL)
        buf_printf(buf, ". <%s>", rule->reference);
    buf_puts(buf, rule->reference != NULL ? "\n\n" : ".\n\n");
}

void catalogue_put(const struct agent_row *row, enum catalogue_form form, struct buf *buf) {
    const struct rule *rule;
    if (form == CATALOGUE_MARKDOWN)
        buf_printf(buf, "## %s (`%s`)\n\n", row->title, row->name);
    for (size_t i = 0; (rule = row->rule(i)) != NULL; i++)
        if (form == CATALOGUE_LINES)
            put_line(rule, buf);
        else if (form == CATALOGUE_JSON)
            put_json(row, rule, buf);
        else
            put_markdown(rule, buf);
}

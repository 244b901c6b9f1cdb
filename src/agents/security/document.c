/* Facts and the tally in the words that clients of the original read. */
#include "agents/security/document.h"

#include <string.h>

#include "agents/security/observatory.h"
#include "agents/standards.h"

/* Failed checks whose id starts with one of the prefixes. */
static void put_titles(const struct tally *tally, const char *name, const char *const *prefixes,
                       struct json_out *out) {
    json_out_name(out, name);
    json_out_array(out);
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        for (size_t p = 0; row->status == JUDGEMENT_FAILED && prefixes[p] != NULL; p++)
            if (strncmp(row->rule->id, prefixes[p], strlen(prefixes[p])) == 0)
                json_out_str(out, row->rule->variants[row->variant].title);
    }
    json_out_end_array(out);
}

/* --- header_analysis ------------------------------------------------------------------------- */

static void put_headers(const struct facts *facts, bool present, struct json_out *out) {
    static const char *const NAMES[] = {"Strict-Transport-Security", "Content-Security-Policy",
                                        "X-Frame-Options",           "X-Content-Type-Options",
                                        "Referrer-Policy",           "Permissions-Policy"};
    json_out_name(out, present ? "present" : "missing");
    json_out_array(out);
    for (size_t i = 0; facts->page != NULL && i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if ((answer_header_count(facts->page, NAMES[i]) > 0) == present)
            json_out_str(out, NAMES[i]);
    json_out_end_array(out);
}

static void put_header_analysis(const struct facts *facts, const struct tally *tally,
                                struct json_out *out) {
    static const char *const RULES[] = {"SEC-HDR-", "SEC-CSP-", NULL};
    json_out_name(out, "header_analysis");
    json_out_object(out);
    put_headers(facts, true, out);
    put_headers(facts, false, out);
    put_titles(tally, "misconfigured", RULES, out);
    json_out_end_object(out);
}

/* --- tls_assessment -------------------------------------------------------------------------- */

/* By the worst finding about TLS: A for none above info, B low, C medium, F worse. */
static const char *tls_grade(const struct tally *tally) {
    static const char *const GRADES[SEVERITY__COUNT] = {"F", "F", "C", "B", "A"};
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        if (row->status == JUDGEMENT_FAILED && strncmp(row->rule->id, "SEC-TLS-", 8) == 0 &&
            rule_severity(row->rule, row->variant) < worst)
            worst = rule_severity(row->rule, row->variant);
    }
    return GRADES[worst];
}

static void put_tls_assessment(const struct facts *facts, const struct tally *tally,
                               struct json_out *out) {
    static const char *const RULES[] = {"SEC-TLS-", NULL};
    bool spoken = facts->tls.is_target && facts_tls_spoken(facts);
    json_out_name(out, "tls_assessment");
    json_out_object(out);
    json_out_member(out, "grade", spoken ? tls_grade(tally) : NULL);
    json_out_member(out, "protocol", spoken ? tls_version_word(facts->tls.shake.version) : NULL);
    put_titles(tally, "issues", RULES, out);
    json_out_end_object(out);
}

static void put_certificate(const struct tls_certificate *leaf, struct json_out *out) {
    json_out_name(out, "certificate");
    json_out_object(out);
    json_out_member(out, "subject", leaf->subject);
    json_out_member(out, "issuer", leaf->issuer);
    json_out_member(out, "signature_algorithm", leaf->signature);
    json_out_member(out, "key_type", leaf->key_type);
    json_out_member_int(out, "key_bits", leaf->key_bits);
    json_out_member_bool(out, "self_signed", leaf->self_signed);
    json_out_member_int(out, "not_before", leaf->not_before_s);
    json_out_member_int(out, "not_after", leaf->not_after_s);
    json_out_end_object(out);
}

static void put_tls(const struct facts *facts, struct json_out *out) {
    static const struct {
        uint16_t version;
        const char *word;
    } VERSIONS[] = {{HELLO_SSL_2, "SSLv2"}, {HELLO_SSL_3, "SSLv3"}, {TLS_1_0, "TLSv1.0"},
                    {TLS_1_1, "TLSv1.1"},   {TLS_1_2, "TLSv1.2"},   {TLS_1_3, "TLSv1.3"}};
    const struct tls_facts *tls = &facts->tls;
    if (!tls->is_target || !facts_tls_spoken(facts))
        return;
    json_out_name(out, "tls");
    json_out_object(out);
    json_out_name(out, "protocols");
    json_out_array(out);
    for (size_t i = 0; i < sizeof(VERSIONS) / sizeof(VERSIONS[0]); i++)
        if (facts_speaks(facts, VERSIONS[i].version))
            json_out_str(out, VERSIONS[i].word);
    json_out_end_array(out);
    if (tls->shake.chain_count > 0)
        put_certificate(&tls->shake.chain[0], out);
    json_out_end_object(out);
}

/* --- the rest -------------------------------------------------------------------------------- */

static void put_cors_analysis(const struct tally *tally, struct json_out *out) {
    static const char *const RULES[] = {"SEC-COR-", NULL};
    bool misconfigured = false;
    for (size_t i = 0; i < tally->count; i++)
        misconfigured =
            misconfigured || (tally->rows[i].status == JUDGEMENT_FAILED &&
                              strncmp(tally->rows[i].rule->id, RULES[0], strlen(RULES[0])) == 0);
    json_out_name(out, "cors_analysis");
    json_out_object(out);
    json_out_member_bool(out, "misconfigured", misconfigured);
    put_titles(tally, "detail", RULES, out);
    json_out_end_object(out);
}

static void put_vulnerabilities(const struct tally *tally, struct json_out *out) {
    json_out_name(out, "vulnerabilities");
    json_out_array(out);
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        if (row->status != JUDGEMENT_FAILED)
            continue;
        json_out_object(out);
        json_out_member(out, "type", row->rule->id);
        json_out_member(out, "severity", severity_word(rule_severity(row->rule, row->variant)));
        json_out_member(out, "description", row->rule->variants[row->variant].title);
        json_out_member(out, "remediation", row->rule->remediation);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void put_recommendations(const struct tally *tally, struct json_out *out) {
    json_out_name(out, "recommendations");
    json_out_array(out);
    for (size_t i = 0; i < tally->count; i++)
        if (tally->rows[i].status == JUDGEMENT_FAILED)
            json_out_str(out, tally->rows[i].rule->remediation);
    json_out_end_array(out);
}

static void put_scan_metadata(const struct facts *facts, size_t requests, struct json_out *out) {
    json_out_member(out, "target", facts->target_text);
    json_out_member_bool(out, "public", !facts->non_public);
    json_out_member(out, "final_url", facts->final != NULL ? facts->final->url_text : NULL);
    json_out_member_int(out, "final_status",
                        facts->final != NULL ? facts->final->response.status : 0);
    json_out_member_int(out, "requests", (int64_t)requests);
}

/* How much of the site was seen, and why no more. */
static void put_crawl(const struct facts *facts, struct json_out *out) {
    const struct crawl_counts *crawl = &facts->crawl;
    const struct {
        const char *name;
        size_t count;
    } rows[] = {{"pages", facts->pages.count}, {"asked", crawl->asked},
                {"not_asked", crawl->waiting}, {"disallowed", crawl->disallowed},
                {"excluded", crawl->barred},   {"unsafe", crawl->unsafe},
                {"repeated", crawl->repeated}, {"dropped", crawl->dropped}};
    json_out_name(out, "crawl");
    json_out_object(out);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        json_out_member_int(out, rows[i].name, (int64_t)rows[i].count);
    json_out_member_int(out, "robots_status", facts->robots_status);
    json_out_end_object(out);
}

static void put_observatory(const struct facts *facts, struct json_out *out) {
    struct observatory observatory;
    if (!observatory_judge(facts, &observatory))
        return;
    json_out_name(out, "observatory");
    observatory_put(&observatory, out);
}

/* Without a page nothing speaks for the target, so there is no score. */
static void put_score(const struct facts *facts, const struct tally *tally, struct json_out *out) {
    json_out_name(out, "security_score");
    if (facts->page != NULL)
        json_out_double(out, tally_score(tally));
    else
        json_out_null(out);
    json_out_member(out, "risk_level",
                    facts->page != NULL ? tally_level(tally_score(tally)) : NULL);
}

void document_put(const struct facts *facts, const struct tally *tally, size_t requests,
                  const struct json *standards, struct json_out *out) {
    static const char *const DISCLOSURE[] = {"SEC-INF-", "SEC-FIL-", NULL};
    json_out_object(out);
    put_scan_metadata(facts, requests, out);
    put_crawl(facts, out);
    put_score(facts, tally, out);
    put_observatory(facts, out);
    put_tls(facts, out);
    put_tls_assessment(facts, tally, out);
    put_header_analysis(facts, tally, out);
    put_cors_analysis(tally, out);
    put_titles(tally, "information_disclosure", DISCLOSURE, out);
    put_vulnerabilities(tally, out);
    put_recommendations(tally, out);
    json_out_name(out, "standards");
    standards_put(standards, tally, out);
    json_out_end_object(out);
}

/* Goal: every rule of the security agent, judged on facts of tests/data/security_rules.json:
 * exactly the expected checks fail, with the expected severity; one test a row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/made_facts.h"
#include "agents/security/rules.h"
#include "unit.h"

enum { DATA_MAX_BYTES = 1 << 20, ROWS_MAX = 1000, RULES_MAX = 100, WORDS_SIZE = 128 };

static struct json *data;
static struct tally tally; /* of the row */

static struct json *load(const char *path) {
    static char bytes[DATA_MAX_BYTES];
    struct json *root = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    if (json_parse(text_make(bytes, len), &JSON_LIMITS_RESULT, &root, NULL) != ERR_OK) {
        fprintf(stderr, "%s is not JSON\n", path);
        exit(1);
    }
    return root;
}

static bool is_listed(const struct json *list, const char *word) {
    for (size_t i = 0; i < json_count(list); i++)
        if (strcmp(json_str(json_at(list, i), ""), word) == 0)
            return true;
    return false;
}

/* "SEC-HDR-06 info", what a failed check is called in the data. */
static void name_failure(const struct rule *rule, const struct judgement *judgement, char *dst) {
    snprintf(dst, WORDS_SIZE, "%s %s", rule->id,
             severity_word(rule_severity(rule, judgement->variant)));
}

static void check_reproduce(const char *part, struct judgement *judgement) {
    if (strstr(buf_str(&judgement->reproduce), part) == NULL)
        fail_msg("not in \"%s\": %s", buf_str(&judgement->reproduce), part);
}

/* A secret that was found is told of, not told. */
static void check_hidden(const char *secret, struct judgement *judgement) {
    if (secret == NULL)
        return;
    assert_null(strstr(judgement->summary, secret));
    assert_null(strstr(buf_str(&judgement->reproduce), secret));
    assert_null(strstr(buf_str(&judgement->instances), secret));
}

static void judge_one(size_t index, const struct facts *facts, const struct json *row,
                      size_t *failures) {
    const struct rule *rule = rules_get(index);
    const char *because = json_str(json_get(json_get(row, "because"), rule->id), NULL);
    struct judgement judgement;
    char words[WORDS_SIZE];
    judgement_init(&judgement);
    rules_judge(index, facts, &judgement);
    if (judgement.status == JUDGEMENT_FAILED) {
        name_failure(rule, &judgement, words);
        if (!is_listed(json_get(row, "expect"), words))
            fail_msg("unexpected: %s: %s", words, judgement.summary);
        assert_true(judgement.variant < rule_variant_count(rule));
        assert_true(judgement.summary[0] != '\0' && judgement.component[0] != '\0');
        assert_true(judgement.instances.len > 0 && judgement.reproduce.len > 0);
        check_reproduce(json_str(json_get(json_get(row, "reproduce"), rule->id), ""), &judgement);
        check_hidden(json_str(json_get(row, "hidden"), NULL), &judgement);
        ++*failures;
    } else if (judgement.status != JUDGEMENT_PASSED) {
        assert_non_null(judgement.reason);
    }
    if (because != NULL) {
        snprintf(words, sizeof(words), "%s %s", judgement_status_word(judgement.status),
                 judgement.reason != NULL ? judgement.reason : "");
        assert_string_equal(words, because);
    }
    tally_add(&tally, rule, &judgement, facts->non_public);
    judgement_done(&judgement);
}

static void row_fails_exactly_the_expected_checks(void **state) {
    const struct json *row = *state;
    struct facts *facts = made_facts(json_get(data, "bases"), row);
    size_t failures = 0;
    tally.count = 0;
    facts->judged = json_bool(json_get(row, "judged"), false) ? &tally : NULL;
    for (size_t i = 0; rules_get(i) != NULL; i++)
        judge_one(i, facts, row, &failures);
    assert_int_equal(failures, json_count(json_get(row, "expect")));
    facts_free(facts);
}

static void every_rule_fails_in_some_row(void **state) {
    const struct json *rows = json_get(data, "rows");
    (void)state;
    for (size_t i = 0; rules_get(i) != NULL; i++) {
        for (size_t variant = 0; variant < rule_variant_count(rules_get(i)); variant++) {
            struct judgement judgement = {.variant = variant};
            char words[WORDS_SIZE];
            bool found = false;
            name_failure(rules_get(i), &judgement, words);
            for (size_t k = 0; k < json_count(rows); k++)
                found = found || is_listed(json_get(json_at(rows, k), "expect"), words);
            if (!found)
                fail_msg("no row expects %s", words);
        }
    }
}

int main(void) {
    static struct CMUnitTest tests[ROWS_MAX];
    size_t count = 0;
    data = load(TEST_DATA "/security_rules.json");
    const struct json *rows = json_get(data, "rows");
    for (size_t i = 0; i < json_count(rows) && count < ROWS_MAX - 1; i++) {
        const struct json *row = json_at(rows, i);
        tests[count++] =
            (struct CMUnitTest){json_str(json_get(row, "name"), "?"),
                                row_fails_exactly_the_expected_checks, NULL, NULL, (void *)row};
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_rule_fails_in_some_row);
    int failed = _cmocka_run_group_tests("security rules", tests, count, NULL, NULL);
    json_free(data);
    return failed;
}

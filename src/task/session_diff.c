/* session_diff: what changed between two runs, test by test. A test that ran more than once is
 * what it came to at worst. */
#include <stdlib.h>
#include <string.h>

#include "agnostic/task/session.h"

enum { DIFF_TESTS_MAX = 20000 };

struct test {
    struct text id, component; /* component: empty when it has none */
    struct text status;
    const struct json *agent;
    bool passed, failed;
    int64_t ms; /* -1: not known */
};

struct tests {
    struct test *rows;
    size_t count, cap;
    bool no_memory;
};

struct pair {
    const struct test *base, *compare; /* NULL: not there */
};

/* --- reading --------------------------------------------------------------------------------- */

static void add(struct tests *tests, const struct json *agent, const struct json *check) {
    struct test test = {.agent = agent, .ms = -1};
    if (!json_text(json_get(check, "id"), &test.id) ||
        !json_text(json_get(check, "status"), &test.status) || tests->count == DIFF_TESTS_MAX)
        return;
    (void)json_text(json_get(check, "component"), &test.component);
    (void)json_int(json_get(check, "ms"), 0, INT32_MAX, &test.ms);
    test.passed = text_is(test.status, "passed");
    test.failed = text_is(test.status, "failed");
    if (tests->count == tests->cap) {
        size_t cap = tests->cap > 0 ? 2 * tests->cap : 256;
        struct test *rows = realloc(tests->rows, cap * sizeof(*rows));
        if (rows == NULL) {
            tests->no_memory = true;
            return;
        }
        tests->rows = rows;
        tests->cap = cap;
    }
    tests->rows[tests->count++] = test;
}

static bool add_agent(void *ctx, struct text name, const struct json *agent) {
    const struct json *checks = json_get(agent, "checks");
    (void)name;
    for (size_t i = 0; i < json_count(checks); i++)
        add(ctx, agent, json_at(checks, i));
    return true;
}

static int by_identity(const struct test *a, const struct test *b) {
    int order = text_order(a->id, b->id);
    return order != 0 ? order : text_order(a->component, b->component);
}

/* The failed one of equals first. */
static int by_place(const void *a, const void *b) {
    const struct test *x = a, *y = b;
    int order = by_identity(x, y);
    return order != 0 ? order : (int)y->failed - (int)x->failed;
}

static enum err read_tests(const struct json *session, struct tests *tests) {
    json_each(json_get(session, "agents"), add_agent, tests);
    if (tests->no_memory)
        return ERR_NOMEM;
    if (tests->count > 0)
        qsort(tests->rows, tests->count, sizeof(tests->rows[0]), by_place);
    size_t kept = 0;
    for (size_t i = 0; i < tests->count; i++)
        if (kept == 0 || by_identity(&tests->rows[kept - 1], &tests->rows[i]) != 0)
            tests->rows[kept++] = tests->rows[i];
    tests->count = kept;
    return ERR_OK;
}

/* --- comparing ------------------------------------------------------------------------------- */

/* The next pair of the two sorted lists; false at their end. */
static bool next_pair(const struct tests *base, const struct tests *compare, size_t *i, size_t *k,
                      struct pair *ret_pair) {
    const struct test *b = *i < base->count ? &base->rows[*i] : NULL;
    const struct test *c = *k < compare->count ? &compare->rows[*k] : NULL;
    if (b == NULL && c == NULL)
        return false;
    int order = b == NULL ? 1 : c == NULL ? -1 : by_identity(b, c);
    *ret_pair = (struct pair){order <= 0 ? b : NULL, order >= 0 ? c : NULL};
    *i += order <= 0;
    *k += order >= 0;
    return true;
}

static bool is_regression(const struct pair *pair) {
    return pair->base != NULL && pair->compare != NULL && pair->base->passed &&
           pair->compare->failed;
}

static bool is_fix(const struct pair *pair) {
    return pair->base != NULL && pair->compare != NULL && pair->base->failed &&
           pair->compare->passed;
}

static bool is_new(const struct pair *pair) {
    return pair->base == NULL;
}

static bool is_removed(const struct pair *pair) {
    return pair->compare == NULL;
}

static bool is_stable(const struct pair *pair) {
    return pair->base != NULL && pair->compare != NULL &&
           text_eq(pair->base->status, pair->compare->status);
}

/* --- writing --------------------------------------------------------------------------------- */

static void put_test_id(struct json_out *out, const struct test *test) {
    struct buf id;
    buf_init(&id, SESSION_MAX_BYTES);
    buf_puttext(&id, test->id);
    buf_puts(&id, test->component.len > 0 ? "@" : "");
    buf_puttext(&id, test->component);
    json_out_text(out, buf_text(&id));
    buf_done(&id);
}

static void put_identity(struct json_out *out, const struct test *test) {
    json_out_name(out, "test_id");
    put_test_id(out, test);
    json_out_member_text(out, "test_name", test->id);
}

static void put_ms(struct json_out *out, const char *name, int64_t ms) {
    json_out_name(out, name);
    if (ms >= 0)
        json_out_int(out, ms);
    else
        json_out_null(out);
}

/* What the failure was: the title of its finding, if that was kept. */
static void put_message(struct json_out *out, const struct test *test) {
    const struct json *findings = json_get(test->agent, "findings");
    struct text id, component, title;
    json_out_name(out, "error_message");
    for (size_t i = 0; i < json_count(findings); i++) {
        const struct json *finding = json_at(findings, i);
        if (json_text(json_get(finding, "check_id"), &id) && text_eq(id, test->id) &&
            (test->component.len == 0 || (json_text(json_get(finding, "component"), &component) &&
                                          text_eq(component, test->component))) &&
            json_text(json_get(finding, "title"), &title)) {
            json_out_text(out, title);
            return;
        }
    }
    json_out_null(out);
}

static void put_component(struct json_out *out, struct text component) {
    json_out_name(out, "component");
    if (component.len > 0)
        json_out_text(out, component);
    else
        json_out_null(out);
}

static void put_regression(struct json_out *out, const struct pair *pair) {
    json_out_object(out);
    put_identity(out, pair->compare);
    json_out_member_text(out, "base_status", pair->base->status);
    json_out_member_text(out, "compare_status", pair->compare->status);
    put_message(out, pair->compare);
    put_component(out, pair->compare->component);
    put_ms(out, "base_time_ms", pair->base->ms);
    put_ms(out, "compare_time_ms", pair->compare->ms);
    json_out_end_object(out);
}

static void put_fix(struct json_out *out, const struct pair *pair) {
    json_out_object(out);
    put_identity(out, pair->compare);
    json_out_member_text(out, "base_status", pair->base->status);
    json_out_member_text(out, "compare_status", pair->compare->status);
    json_out_end_object(out);
}

static void put_new(struct json_out *out, const struct pair *pair) {
    json_out_object(out);
    put_identity(out, pair->compare);
    json_out_member_text(out, "status", pair->compare->status);
    json_out_end_object(out);
}

static void put_removed(struct json_out *out, const struct pair *pair) {
    put_test_id(out, pair->base);
}

/* The lists of the answer, and what they are counted as. */
static const struct {
    const char *list, *count;
    bool (*is)(const struct pair *pair);
    void (*put)(struct json_out *out, const struct pair *pair); /* NULL: only counted */
} KINDS[] = {
    {"regressions", "regressions", is_regression, put_regression},
    {"fixes", "fixes", is_fix, put_fix},
    {"new_tests", "new_tests", is_new, put_new},
    {"removed_tests", "removed_tests", is_removed, put_removed},
    {NULL, "stable", is_stable, NULL},
};
enum { KINDS_COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };

static int64_t count_of(const struct tests *base, const struct tests *compare, size_t kind) {
    struct pair pair;
    int64_t count = 0;
    for (size_t i = 0, k = 0; next_pair(base, compare, &i, &k, &pair);)
        count += KINDS[kind].is(&pair);
    return count;
}

/* Percent of those that passed or failed; -1 when none did. */
static double pass_rate(const struct tests *tests) {
    size_t passed = 0, failed = 0;
    for (size_t i = 0; i < tests->count; i++) {
        passed += tests->rows[i].passed;
        failed += tests->rows[i].failed;
    }
    return passed + failed > 0 ? 100.0 * (double)passed / (double)(passed + failed) : -1;
}

static void put_rate(struct json_out *out, const char *name, double rate, bool known) {
    json_out_name(out, name);
    if (known)
        json_out_double(out, rate);
    else
        json_out_null(out);
}

static void put_summary(const struct tests *base, const struct tests *compare,
                        struct json_out *out) {
    double before = pass_rate(base), after = pass_rate(compare);
    json_out_object(out);
    json_out_member_int(out, "base_total", (int64_t)base->count);
    json_out_member_int(out, "compare_total", (int64_t)compare->count);
    put_rate(out, "base_pass_rate", before, before >= 0);
    put_rate(out, "compare_pass_rate", after, after >= 0);
    put_rate(out, "pass_rate_delta", after - before, before >= 0 && after >= 0);
    json_out_member(out, "base_avg_time_ms", NULL);
    json_out_member(out, "compare_avg_time_ms", NULL);
    for (size_t kind = 0; kind < KINDS_COUNT; kind++)
        json_out_member_int(out, KINDS[kind].count, count_of(base, compare, kind));
    json_out_end_object(out);
}

static void put_lists(const struct tests *base, const struct tests *compare, struct json_out *out) {
    struct pair pair;
    for (size_t kind = 0; kind < KINDS_COUNT && KINDS[kind].put != NULL; kind++) {
        json_out_name(out, KINDS[kind].list);
        json_out_array(out);
        for (size_t i = 0, k = 0; next_pair(base, compare, &i, &k, &pair);)
            if (KINDS[kind].is(&pair))
                KINDS[kind].put(out, &pair);
        json_out_end_array(out);
    }
    json_out_member_bool(out, "has_regressions", count_of(base, compare, 0) > 0);
}

static void put_diff(const struct json *base, const struct json *compare,
                     const struct tests *before, const struct tests *after, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "base_session_id", json_str(json_get(base, "session_id"), NULL));
    json_out_member(out, "compare_session_id", json_str(json_get(compare, "session_id"), NULL));
    json_out_name(out, "summary");
    put_summary(before, after, out);
    put_lists(before, after, out);
    json_out_end_object(out);
}

enum err session_diff_put(const struct json *base, const struct json *compare,
                          struct json_out *out) {
    struct tests before = {0}, after = {0};
    enum err err = read_tests(base, &before);
    if (err == ERR_OK)
        err = read_tests(compare, &after);
    if (err == ERR_OK)
        put_diff(base, compare, &before, &after, out);
    free(before.rows);
    free(after.rows);
    return err;
}

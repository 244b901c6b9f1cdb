/* Paths: the whole set of tests/data/paths.tsv, and what decoding promises. */
#include "table.h"
#include "web/route.h"

#include <stdlib.h>

#include "agnostic/base/id.h"

static const char *word_of(int status) {
    static char word[16];
    snprintf(word, sizeof(word), "%d", status);
    return word;
}

/* "/x/<3>" stands for "/x/aaa". */
static struct text expanded(const char *pattern) {
    static char uri[8192];
    size_t len = 0;
    for (const char *at = pattern; *at != '\0';) {
        char *end;
        if (*at == '<') {
            for (long count = strtol(at + 1, &end, 10); count > 0; count--)
                uri[len++] = 'a';
            at = end + 1;
        } else {
            uri[len++] = *at++;
        }
    }
    return text_make(uri, len);
}

/* What the service answers to GET with a credential and an empty Redis. */
static int status_of(struct text uri) {
    struct path path;
    struct match match;
    enum err err = path_decode(uri, &path);
    if (err == ERR_OK)
        err = router_find(&path, METHOD_GET, &match);
    if (err == ERR_OK && match.route->task != ROUTE_NO_TASK)
        err = id_is_task(match.id) ? ERR_NO_TASK : ERR_TASK_ID;
    return err_status(err);
}

static void check_row(char **cells, size_t line) {
    const char *got = word_of(status_of(expanded(cells[0])));
    if (strcmp(got, cells[1]) != 0)
        fail_msg("paths.tsv:%zu: %s: %s, expected %s (%s)", line, cells[0], got, cells[1],
                 cells[2]);
}

static void every_path_of_the_set_gets_its_status(void **unused) {
    (void)unused;
    assert_true(table_each("paths.tsv", 3, check_row) > 60);
}

static void a_path_is_decoded_once_and_split_at_raw_slashes(void **unused) {
    (void)unused;
    struct path path;
    assert_int_equal(path_decode(TEXT("/a%62c/%2541/x?q=%41#"), &path), ERR_OK);
    assert_int_equal(path.count, 3);
    assert_true(text_is(path.segments[0], "abc"));
    assert_true(text_is(path.segments[1], "%41"));
    assert_true(text_is(path.segments[2], "x"));
    assert_true(text_is(path.query, "q=%41#"));
    assert_true(text_is(path.raw, "/a%62c/%2541/x"));
}

static void what_does_not_begin_with_a_slash_is_no_path(void **unused) {
    (void)unused;
    struct path path;
    assert_int_equal(path_decode(TEXT(""), &path), ERR_BAD_PATH);
    assert_int_equal(path_decode(TEXT("*"), &path), ERR_BAD_PATH);
    assert_int_equal(path_decode(TEXT("http://host/health"), &path), ERR_BAD_PATH);
    assert_int_equal(path_decode(TEXT("?x=/health"), &path), ERR_BAD_PATH);
}

static void unescaping_tells_what_does_not_fit(void **unused) {
    (void)unused;
    char dst[3];
    size_t len;
    assert_int_equal(path_unescape(TEXT("a+%2b"), true, dst, 3, &len), ERR_OK);
    assert_int_equal(len, 3);
    assert_memory_equal(dst, "a +", 3);
    assert_int_equal(path_unescape(TEXT("abcd"), true, dst, 3, &len), ERR_TOO_LARGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_of_the_set_gets_its_status),
        cmocka_unit_test(a_path_is_decoded_once_and_split_at_raw_slashes),
        cmocka_unit_test(what_does_not_begin_with_a_slash_is_no_path),
        cmocka_unit_test(unescaping_tells_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

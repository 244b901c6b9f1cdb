/* The one form of a URL, and its template. */
#include "check.h"

#include "agnostic/probe/canonical.h"
#include "table.h"

static struct buf buf;

static const char *written(const char *url, void (*put)(const struct url *, struct buf *)) {
    struct url parsed;
    assert_err(ERR_OK, url_parse(text_of(url), &parsed, NULL));
    buf_done(&buf);
    buf_init(&buf, CANONICAL_MAX_BYTES);
    put(&parsed, &buf);
    assert_false(buf.failed);
    return buf_str(&buf);
}

static void check_row(char **cells, size_t line) {
    (void)line;
    assert_string_equal(written(cells[0], canonical_put), cells[1]);
    assert_string_equal(written(cells[0], canonical_template), cells[2]);
    assert_string_equal(written(cells[1], canonical_put), cells[1]);
}

static void table_of_urls(void **state) {
    (void)state;
    assert_true(table_each("canonical.tsv", 3, check_row) > 30);
}

static void the_longest_url_fits(void **state) {
    (void)state;
    char url[URL_MAX_BYTES + 1];
    memset(url, '\xFC', URL_MAX_BYTES);
    memcpy(url, "http://a/", 9);
    url[URL_MAX_BYTES] = '\0';
    assert_int_equal(strlen(written(url, canonical_put)), 9 + 3 * (URL_MAX_BYTES - 9));
    (void)written(url, canonical_template);
}

static void many_parts_of_a_query_stay_in_their_order(void **state) {
    (void)state;
    char url[URL_MAX_BYTES + 1] = "http://a/?z";
    for (int i = 0; i < CANONICAL_PARAMS_MAX; i++)
        memcpy(url + strlen(url), "&a", 3);
    assert_string_equal(written(url, canonical_put), url);
}

static int done(void **state) {
    (void)state;
    buf_done(&buf);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_urls),
        cmocka_unit_test(the_longest_url_fits),
        cmocka_unit_test(many_parts_of_a_query_stay_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}

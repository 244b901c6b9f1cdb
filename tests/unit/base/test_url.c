/* The one reader of URLs: hostile forms, normalisation, resolution. */
#include "check.h"

#include "agnostic/base/url.h"
#include "rows.h"

static struct buf buf;

static void check_read(const struct text *columns, size_t count) {
    struct url url;
    struct fault fault = {ERR_OK, "accepted"};
    enum err err = url_parse(columns[0], &url, &fault);
    buf_reset(&buf);
    if (err == ERR_OK)
        url_put(&url, &buf);
    const char *got = err == ERR_OK ? buf_str(&buf) : fault.text;
    if (!text_is(columns[count - 1], got))
        print_error("%.*s: %s\n", TEXT_ARG(columns[0]), got);
    assert_true(text_is(columns[count - 1], got));
    assert_int_equal(err != ERR_OK, count == 3);
}

static void table_of_urls(void **state) {
    (void)state;
    assert_true(rows_each("url_cases.tsv", check_read) > 80);
}

static void check_resolved(const struct text *columns, size_t count) {
    struct url base;
    assert_int_equal(count, 2);
    assert_err(ERR_OK, url_parse(TEXT("http://a/b/c/d;p?q"), &base, NULL));
    buf_reset(&buf);
    enum err err = url_resolve(&base, columns[0], &buf);
    assert_text(err == ERR_OK ? buf_str(&buf) : "refuse", columns[1]);
}

static void table_of_references(void **state) {
    (void)state;
    assert_true(rows_each("url_resolve_cases.tsv", check_resolved) > 45);
}

static void refused_references_add_nothing(void **state) {
    (void)state;
    struct url base;
    assert_err(ERR_OK, url_parse(TEXT("https://[::1]:8443/x"), &base, NULL));
    buf_reset(&buf);
    buf_puts(&buf, "kept");
    assert_err(ERR_SYNTAX, url_resolve(&base, TEXT("ftp://x/"), &buf));
    assert_string_equal(buf_str(&buf), "kept");
}

static void parts_are_told(void **state) {
    (void)state;
    struct url url;
    assert_err(ERR_OK, url_parse(TEXT("https://[::1]:8443/a/b?c=d"), &url, NULL));
    assert_true(url.tls && url.host_is_ip && url.host_is_ipv6 && !url.port_is_default);
    assert_string_equal(url.host, "::1");
    assert_int_equal(url.port, 8443);
    assert_text("/a/b", url.path);
    assert_text("c=d", url.query);
    assert_err(ERR_OK, url_parse(TEXT("http://10.0.0.1"), &url, NULL));
    assert_true(!url.tls && url.host_is_ip && !url.host_is_ipv6 && url.port_is_default);
    assert_int_equal(url.port, 80);
    assert_text("/", url.path);
    assert_null(url.query.ptr);
    assert_err(ERR_OK, url_parse(TEXT("http://shop.test"), &url, NULL));
    assert_false(url.host_is_ip);
}

static void origin_and_authority_leave_the_default_port_out(void **state) {
    (void)state;
    struct url url;
    char dst[300];
    assert_err(ERR_OK, url_parse(TEXT("https://[::1]:8443/"), &url, NULL));
    url_origin(&url, dst, sizeof(dst));
    assert_string_equal(dst, "https://[::1]:8443");
    url_authority(&url, dst, sizeof(dst));
    assert_string_equal(dst, "[::1]:8443");
    assert_err(ERR_OK, url_parse(TEXT("https://x.test:443/"), &url, NULL));
    url_origin(&url, dst, sizeof(dst));
    assert_string_equal(dst, "https://x.test");
    url_authority(&url, dst, 4);
    assert_string_equal(dst, "x.t");
}

static enum err parse_padded(size_t total) {
    struct url url;
    buf_reset(&buf);
    buf_puts(&buf, "http://x.test/");
    while (buf.len < total)
        buf_putc(&buf, 'a');
    return url_parse(buf_text(&buf), &url, NULL);
}

static void longest_url_is_2048_bytes(void **state) {
    (void)state;
    assert_err(ERR_OK, parse_padded(2048));
    assert_err(ERR_SYNTAX, parse_padded(2049));
}

static void nothing_is_no_url(void **state) {
    (void)state;
    struct url url = {.port = 7};
    assert_err(ERR_SYNTAX, url_parse(text_of(NULL), &url, NULL));
    assert_int_equal(url.port, 7);
}

static int start(void **state) {
    (void)state;
    buf_init(&buf, 65536);
    return 0;
}

static int stop(void **state) {
    (void)state;
    buf_done(&buf);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_urls),
        cmocka_unit_test(table_of_references),
        cmocka_unit_test(refused_references_add_nothing),
        cmocka_unit_test(parts_are_told),
        cmocka_unit_test(origin_and_authority_leave_the_default_port_out),
        cmocka_unit_test(longest_url_is_2048_bytes),
        cmocka_unit_test(nothing_is_no_url),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

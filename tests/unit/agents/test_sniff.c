/* Goal: a body that is plainly something else than its Content-Type says is told, and nothing is
 * said where anybody could be of another opinion. */
#include "agents/junior/sniff.h"
#include "unit.h"

#define PNG "\x89PNG\r\n\x1a\n...."
#define BYTES(literal) text_make((literal), sizeof(literal) - 1)

static void assert_is(const char *type, struct text body, const char *expected) {
    const char *is = sniff_contradiction(text_of(type), body, true);
    if (expected == NULL)
        assert_null(is);
    else
        assert_non_null(is);
    if (expected != NULL)
        assert_string_equal(is, expected);
}

static void what_has_another_beginning_is_told(void **state) {
    (void)state;
    assert_is("text/html", BYTES(PNG), "a PNG image");
    assert_is("image/jpeg", BYTES(PNG), "a PNG image");
    assert_is("image/png", BYTES("GIF89a.."), "a GIF image");
    assert_is("IMAGE/PNG ; x=y", BYTES("\xff\xd8\xff\xe0"), "a JPEG image");
    assert_is("image/png", BYTES("RIFF\1\2\3\4WEBPVP8 "), "a WebP image");
    assert_is("text/plain", BYTES("%PDF-1.7\n"), "a PDF document");
    assert_is("text/css", BYTES("\x1f\x8b\x08\0\0\0"), "gzip data");
    assert_is("application/json", BYTES("PK\x03\x04.."), "a ZIP archive");
    assert_is("font/woff", BYTES("wOF2...."), "a WOFF2 font");
    assert_is("image/png", BYTES("<!DOCTYPE html><p>"), "HTML");
    assert_is("application/pdf", BYTES("\r\n <html lang=en>"), "HTML");
    assert_is("text/javascript; charset=utf-8", BYTES("<!doctype html>"), "HTML");
    assert_is("font/woff2", BYTES("<head><title>"), "HTML");
}

static void what_is_as_it_says_is_not_told(void **state) {
    (void)state;
    assert_is("image/png", BYTES(PNG), NULL);
    assert_is("image/jpg", BYTES("\xff\xd8\xff\xe1"), NULL);
    assert_is("application/pdf;charset=binary", BYTES("%PDF-1.4"), NULL);
    assert_is("text/html", BYTES("<!doctype html>"), NULL);
    assert_is("font/woff2", BYTES("wOF2...."), NULL);
    assert_is("image/webp", BYTES("RIFF\1\2\3\4WEBPVP8L"), NULL);
}

static void what_may_be_anything_is_not_told(void **state) {
    static const char *const TYPES[] = {"",
                                        "application/octet-stream",
                                        "application/x-download",
                                        "application/vnd.oasis.opendocument.text",
                                        "application/java-archive",
                                        "image/x-icon",
                                        "image/avif",
                                        "chemical/x-pdb"};
    (void)state;
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        assert_is(TYPES[i], BYTES(PNG), NULL);
        assert_is(TYPES[i], BYTES("PK\x03\x04.."), NULL);
    }
    assert_is("text/plain", BYTES("<!doctype html>"), NULL);
    assert_is("application/xml", BYTES("<html xmlns='x'>"), NULL);
    assert_is("image/svg+xml", BYTES("<html >"), NULL);
    assert_is("text/html", BYTES("{\"a\":1}"), NULL);
    assert_is("image/png", BYTES("no beginning that is known"), NULL);
    assert_is("image/png", BYTES("<header>"), NULL);
    assert_is("image/png", BYTES("RIFF"), NULL);
    assert_is("image/png", BYTES(""), NULL);
}

static void json_is_what_has_its_grammar(void **state) {
    static const char DEEP[] =
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        "]]]]";
    (void)state;
    assert_is("application/json", BYTES("{'a':1}"), "no JSON");
    assert_is("application/problem+json", BYTES("oops"), "no JSON");
    assert_is("application/json; charset=utf-8", BYTES("{\"a\":"), "no JSON");
    assert_is("application/json", BYTES("<html >"), "HTML");
    assert_is("application/json", BYTES("{\"a\":1}\n"), NULL);
    assert_is("application/json", BYTES("\xef\xbb\xbf[1]"), NULL);
    assert_is("application/json", BYTES(")]}',\n{\"a\":1}"), NULL);
    /* what our own reader does not take */
    assert_is("application/json", BYTES("{\"a\":1,\"a\":2}"), NULL);
    assert_is("application/json", BYTES("\"\\ud800\""), NULL);
    assert_is("application/json", BYTES(DEEP), NULL);
}

static void json_that_was_not_read_to_its_end_is_not_told(void **state) {
    (void)state;
    assert_null(sniff_contradiction(TEXT("application/json"), TEXT("{\"a\":"), false));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_another_beginning_is_told),
        cmocka_unit_test(what_is_as_it_says_is_not_told),
        cmocka_unit_test(what_may_be_anything_is_not_told),
        cmocka_unit_test(json_is_what_has_its_grammar),
        cmocka_unit_test(json_that_was_not_read_to_its_end_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

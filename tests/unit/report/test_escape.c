/* A stranger's text stays text in every kind of document. */
#include "report/escape.h"
#include "unit.h"

static void put_message(struct buf *buf, struct text t) {
    escape_command(buf, t, false);
}

static void put_property(struct buf *buf, struct text t) {
    escape_command(buf, t, true);
}

static void the_tables_of_replacements_hold(void **state) {
    static const struct {
        void (*escape)(struct buf *buf, struct text t);
        const char *text, *escaped;
    } CASES[] = {
        {escape_markup, "<script>alert('x' & \"y\")</script>",
         "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;"},
        {escape_markup, "]]> \x1b[0m \ufeff\n", "]]&gt; ?[0m ? "},
        {escape_markdown, "[a](javascript:x) <b> `c` @me #12 |",
         "\\[a\\]\\(javascript:x\\) &lt;b&gt; "
         "\\`c\\` @\u200Bme \\#\u200B12 \\|"},
        {escape_markdown, "line\n# heading", "line \\#\u200B heading"},
        {escape_markdown_code, "a `b` c", "`` a `b` c ``"},
        {escape_markdown_code, "x|y\n```", "```` x\u2502y ``` ````"},
        {put_message, "100%\r\n::error::x", "100%25  ::error::x"},
        {put_property, "a:b,c%", "a%3Ab%2Cc%25"},
        {escape_plain, "two\nlines \x1b[2J", "two lines ?[2J"},
        {escape_plain, "##[x] ###vso[y] # #", "# #[x] # # #vso[y] # #"},
        {put_message, "##[error]", "# #[error]"},
        {escape_markup, "##[x]", "&#35;&#35;[x]"},
        {escape_markdown_code, "##[x]", "` # #[x] `"},
        {escape_message, "[a](b) c]](d]( \n", "[a] (b) c]] (d] (  "},
        {escape_path, "shop.example/a b/%2e?", "shop.example/a%20b/%252e%3F"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct buf buf;
        buf_init(&buf, 4096);
        CASES[i].escape(&buf, text_of(CASES[i].text));
        assert_string_equal(buf_str(&buf), CASES[i].escaped);
        buf_done(&buf);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_tables_of_replacements_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What must not be stored is hidden, and what tells the story is kept. */
#include "table.h"
#include "task/mask.h"

/* Cells write a newline as \n and a carriage return as \r. */
static char *unescaped(char *cell) {
    char *to = cell;
    for (const char *from = cell; *from != '\0'; from++, to++) {
        *to = *from;
        if (*from == '\\' && (from[1] == 'n' || from[1] == 'r'))
            *to = *++from == 'n' ? '\n' : '\r';
    }
    *to = '\0';
    return cell;
}

static void check_row(char **cells, size_t line) {
    struct buf buf;
    buf_init(&buf, 4096);
    mask_text(text_of(unescaped(cells[0])), &buf);
    if (strcmp(buf_str(&buf), unescaped(cells[1])) != 0)
        fail_msg("mask.tsv:%zu: %s", line, buf_str(&buf));
    buf_done(&buf);
}

static void texts_are_masked_as_the_table_says(void **unused) {
    (void)unused;
    assert_true(table_each("mask.tsv", 2, check_row) >= 30);
}

static void names_of_secret_headers_are_known_however_written(void **unused) {
    (void)unused;
    assert_string_equal(mask_header_of(TEXT("Set_Cookie")), "set-cookie");
    assert_string_equal(mask_header_of(TEXT("AUTHORIZATION")), "authorization");
    assert_string_equal(mask_header_of(TEXT("x-api-key")), "x-api-key");
    assert_null(mask_header_of(TEXT("Set-Cookies")));
    assert_null(mask_header_of(TEXT("Cookie ")));
    assert_null(mask_header_of(TEXT("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_masked_as_the_table_says),
        cmocka_unit_test(names_of_secret_headers_are_known_however_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

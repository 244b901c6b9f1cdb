/* Goal: what a client keeps us out of is not entered, in whichever spelling it is asked for. */
#include "agnostic/probe/bounds.h"
#include "agnostic/probe/gate.h"
#include "check.h"
#include "table.h"

static struct bounds *bounds_of(const char *paths) {
    struct text rest = text_of(paths), path;
    struct bounds *bounds = NULL;
    assert_err(ERR_OK, bounds_new(false, &bounds));
    while (text_cut(&rest, ' ', &path))
        assert_err(ERR_OK, bounds_add(bounds, path));
    return bounds;
}

static void check_row(char **cells, size_t line) {
    struct bounds *bounds = bounds_of(cells[0]);
    bool excluded = bounds_excludes(bounds, text_of(cells[1]));
    if (excluded != (strcmp(cells[2], "yes") == 0))
        fail_msg("line %zu: %s is %s by %s", line, cells[1], excluded ? "excluded" : "not excluded",
                 cells[0]);
    bounds_free(bounds);
}

static void spellings_are_as_the_table_says(void **state) {
    (void)state;
    assert_true(table_each("bounds.tsv", 3, check_row) > 40);
}

static void without_bounds_everything_may_be_entered(void **state) {
    struct bounds *none = NULL;
    (void)state;
    assert_false(bounds_excludes(NULL, TEXT("/a")) || bounds_stays(NULL) || bounds_bind(NULL));
    assert_err(ERR_OK, bounds_new(false, &none));
    assert_false(bounds_excludes(none, TEXT("/a")) || bounds_stays(none) || bounds_bind(none));
    bounds_free(none);
}

static void what_is_no_path_is_no_bound(void **state) {
    struct bounds *bounds = bounds_of("/a");
    (void)state;
    assert_err(ERR_SYNTAX, bounds_add(bounds, TEXT("admin")));
    assert_err(ERR_SYNTAX, bounds_add(bounds, TEXT("")));
    bounds_free(bounds);
}

/* An escape of an escape of an escape, a thousand deep, takes no longer than it is long. */
static void deep_escapes_are_undone(void **state) {
    struct bounds *bounds = bounds_of("/admin");
    struct buf path;
    (void)state;
    buf_init(&path, 1 << 20);
    buf_puts(&path, "/%");
    for (int i = 0; i < 100000; i++)
        buf_puts(&path, "25");
    buf_puts(&path, "61dmin");
    assert_true(bounds_excludes(bounds, buf_text(&path)));
    buf_done(&path);
    bounds_free(bounds);
}

static void a_gate_lets_nobody_out_of_bounds(void **state) {
    struct bounds *bounds = bounds_of("/admin");
    struct gate *gate = NULL;
    struct fault fault = {0};
    struct addr addr;
    struct url url;
    size_t count;
    (void)state;
    assert_err(ERR_OK, gate_new(NULL, "", &gate));
    assert_err(ERR_OK, gate_enter(gate, TEXT("/admin"), &fault));
    gate_bound(gate, bounds);
    assert_err(ERR_REFUSED, gate_enter(gate, TEXT("/admin"), &fault));
    assert_string_equal(fault.text, "The task's constraints exclude the path /admin");
    assert_err(ERR_OK, gate_enter(gate, TEXT("/"), &fault));
    assert_err(ERR_OK, url_parse(TEXT("http://127.0.0.1/admin/x"), &url, NULL));
    assert_err(ERR_REFUSED, gate_resolve(gate, &url, &addr, 1, &count, &fault));
    gate_free(gate);
    bounds_free(bounds);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_are_as_the_table_says),
        cmocka_unit_test(without_bounds_everything_may_be_entered),
        cmocka_unit_test(what_is_no_path_is_no_bound),
        cmocka_unit_test(deep_escapes_are_undone),
        cmocka_unit_test(a_gate_lets_nobody_out_of_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

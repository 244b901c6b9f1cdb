/* Goal: a script library's version is told by its URL, and only holes that version has are named.
 */
#include "agents/security/library.h"
#include "unit.h"

static const char *hole_of(const char *path, const char *query) {
    const struct library_hole *hole;
    int version[LIBRARY_NUMBERS];
    struct text asked = query != NULL ? text_of(query) : (struct text){NULL, 0};
    return library_find(text_of(path), asked, version, &hole) ? hole->id : NULL;
}

static void versions_stand_in_many_places(void **unused) {
    (void)unused;
    static const char *const PATHS[] = {"/js/jquery-3.4.1.min.js",
                                        "/ajax/libs/jquery/3.4.1/jquery.min.js",
                                        "/npm/jquery@3.4.1/dist/x.js",
                                        "/jquery.v3.4.1.js",
                                        "/JQuery-3.4.1.js",
                                        "/jquery-3.4.js",
                                        "/ui/jquery/v1.11.3/jquery.js"};
    for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++)
        if (hole_of(PATHS[i], NULL) == NULL)
            fail_msg("%s", PATHS[i]);
    assert_string_equal(hole_of("/wp/jquery.min.js", "ver=3.4.1"), "CVE-2020-11022");
    assert_string_equal(hole_of("/jquery.js", "a=1&v=2.2.4"), "CVE-2020-11022");
}

static void what_has_no_hole_or_no_version_is_not_named(void **unused) {
    (void)unused;
    static const char *const PATHS[] = {"/jquery-3.5.0.min.js",
                                        "/jquery-3.5.js",
                                        "/jquery.min.js",
                                        "/jquery/latest/x.js",
                                        "/jquery-ui-1.13.2.js",
                                        "/jquery-migrate-1.js",
                                        "/ajquery-1.2.3.js",
                                        "/jquery-1.js",
                                        "/bootstrap-3.4.1.js",
                                        "/bootstrap-5.0.0.js",
                                        "/jquery-3.5.0-beta1.js",
                                        "/jquery",
                                        "/jquery-99999999999.1.1.js",
                                        "/",
                                        "/jquery-"};
    for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++)
        if (hole_of(PATHS[i], NULL) != NULL)
            fail_msg("%s has %s", PATHS[i], hole_of(PATHS[i], NULL));
    assert_null(hole_of("/jquery.plugin.js", "ver=1.0.0"));
    assert_null(hole_of("/jquery.js", "x=1.0.0"));
}

static void each_line_of_versions_has_its_own_end(void **unused) {
    (void)unused;
    assert_string_equal(hole_of("/bootstrap@4.1.3/x.js", NULL), "CVE-2019-8331");
    assert_null(hole_of("/bootstrap@4.3.1/x.js", NULL));
    assert_string_equal(hole_of("/bootstrap-3.3.7.min.js", NULL), "CVE-2019-8331");
    assert_string_equal(hole_of("/dompurify/3.0.6/purify.js", NULL), "CVE-2024-45801");
    assert_null(hole_of("/dompurify/2.5.4/purify.js", NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_stand_in_many_places),
        cmocka_unit_test(what_has_no_hole_or_no_version_is_not_named),
        cmocka_unit_test(each_line_of_versions_has_its_own_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

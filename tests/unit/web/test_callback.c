/* Callback addresses: literal ones are judged at submit, in the original's words. */
#include "unit.h"
#include "web/callback.h"

static struct allow *allow;

static void assert_refused(const char *url, const char *why) {
    struct fault fault = {0};
    assert_int_equal(callback_judge(allow, text_of(url), &fault), ERR_CALLBACK);
    assert_string_equal(fault.text, why);
}

static void assert_accepted(const char *url) {
    struct fault fault = {0};
    if (callback_judge(allow, text_of(url), &fault) != ERR_OK)
        fail_msg("%s: %s", url, fault.text);
}

static int with_one_entry(void **unused) {
    (void)unused;
    return allow_parse(TEXT("10.1.2.0/24,127.0.0.1:9999"), false, &allow, NULL);
}

static int without(void **unused) {
    (void)unused;
    allow_free(allow);
    allow = NULL;
    return 0;
}

static void private_literals_are_refused_with_the_originals_sentence(void **unused) {
    (void)unused;
    assert_refused("http://127.0.0.1/hook", "Callback to private network blocked: 127.0.0.1");
    assert_refused("https://10.0.0.1/", "Callback to private network blocked: 10.0.0.1");
    assert_refused("http://[::1]:8080/", "Callback to private network blocked: ::1");
    assert_refused("http://0.0.0.0/", "Callback to private network blocked: 0.0.0.0");
    assert_refused("http://[::ffff:10.0.0.1]/",
                   "Callback to private network blocked: ::ffff:10.0.0.1");
    assert_refused("http://169.254.169.254/latest",
                   "Callback to private network blocked: 169.254.169.254");
}

static void other_schemes_and_missing_hosts_are_told_as_such(void **unused) {
    (void)unused;
    assert_refused("ftp://example.org/", "Unsupported scheme: ftp");
    assert_refused("http:///x", "Missing hostname");
}

static void public_literals_and_all_names_pass(void **unused) {
    (void)unused;
    assert_accepted("https://93.184.216.34/hook");
    assert_accepted("https://ci.example.org:8443/hook?x=1");
    assert_accepted("http://localhost/hook"); /* judged where the connection is made */
}

static void a_listed_address_is_opened_but_never_the_metadata_one(void **unused) {
    (void)unused;
    struct allow *all = NULL;
    struct fault fault = {0};
    assert_accepted("http://10.1.2.3/hook");
    assert_accepted("http://127.0.0.1:9999/hook");
    assert_refused("http://127.0.0.1:9998/hook", "Callback to private network blocked: 127.0.0.1");
    assert_int_equal(allow_parse(TEXT("0.0.0.0/0"), false, &all, NULL), ERR_OK);
    assert_int_equal(callback_judge(all, TEXT("http://169.254.169.254/"), &fault), ERR_CALLBACK);
    allow_free(all);
}

#define CALLBACK_TEST(name) cmocka_unit_test_setup_teardown(name, with_one_entry, without)

int main(void) {
    const struct CMUnitTest tests[] = {
        CALLBACK_TEST(private_literals_are_refused_with_the_originals_sentence),
        CALLBACK_TEST(other_schemes_and_missing_hosts_are_told_as_such),
        CALLBACK_TEST(public_literals_and_all_names_pass),
        CALLBACK_TEST(a_listed_address_is_opened_but_never_the_metadata_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Callback addresses: literal ones are judged at submit, in the original's words. */
#include "probe/server.h"
#include "runner/webhook.h"
#include "table.h"
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

/* --- the forms that SSRF comes in --------------------------------------------------------- */

static struct server listener;
static struct gate *closed;

static void see_nobody(int fd, const void *ctx) {
    (void)fd;
    (void)ctx;
}

/* The row's URL with the listener's port. */
static const char *url_of_row(const char *cell) {
    static char url[512];
    const char *at = strstr(cell, "PORT");
    if (at)
        snprintf(url, sizeof(url), "%.*s%u%s", (int)(at - cell), cell, listener.port, at + 4);
    else
        snprintf(url, sizeof(url), "%s", cell);
    return url;
}

static void judge_row(char **cells, size_t line) {
    struct fault fault = {.text = "ok"};
    enum err err = callback_judge(NULL, text_of(url_of_row(cells[0])), &fault);
    if (strcmp(fault.text, cells[1]) != 0 || (err == ERR_OK) != (strcmp(cells[1], "ok") == 0))
        fail_msg("line %zu: %s: %s", line, cells[0], fault.text);
}

/* As if it had been accepted: a record may come from elsewhere. */
static void send_to_row(char **cells, size_t line) {
    char url[512], body[] = "{}";
    snprintf(url, sizeof(url), "%s", url_of_row(cells[0]));
    const struct webhook_due due = {.id = "t", .url = url, .body = body, .body_len = 2};
    struct webhook_report report;
    webhook_deliver(&due, closed, &report);
    /* The normal form of a URL has no fragment: what it leads to is refused nevertheless. */
    if (report.result != WEBHOOK_BLOCKED && strcmp(report.why, "resolve_failed") != 0)
        fail_msg("line %zu: %s: %s", line, cells[0], report.why);
    assert_string_equal(report.ip, "");
}

static void every_form_is_judged_at_submit_and_none_connected_to(void **unused) {
    (void)unused;
    struct allow *nothing = NULL;
    assert_int_equal(allow_parse(TEXT(""), false, &nothing, NULL), ERR_OK);
    assert_int_equal(gate_new(nothing, "AGNOSTIC_WEBHOOK_ALLOW", &closed), ERR_OK);
    listener = server_start(see_nobody, NULL);
    assert_true(table_each("webhook_urls.tsv", 2, judge_row) >= 29);
    table_each("webhook_urls.tsv", 2, send_to_row);
    usleep(20000);
    assert_int_equal(server_connections(&listener), 0);
    server_stop(&listener);
    gate_free(closed);
    allow_free(nothing);
}

static void an_entry_with_its_port_opens_a_denied_port(void **unused) {
    (void)unused;
    struct allow *lan = NULL;
    struct fault fault = {0};
    assert_int_equal(allow_parse(TEXT("hooks.lan:25,10.0.0.0/8:22"), false, &lan, NULL), ERR_OK);
    assert_int_equal(callback_judge(lan, TEXT("http://hooks.lan:25/"), &fault), ERR_OK);
    assert_int_equal(callback_judge(lan, TEXT("http://10.0.0.1:22/"), &fault), ERR_OK);
    assert_int_equal(callback_judge(lan, TEXT("http://hooks.lan:26/"), &fault), ERR_CALLBACK);
    allow_free(lan);
}

#define CALLBACK_TEST(name) cmocka_unit_test_setup_teardown(name, with_one_entry, without)

int main(void) {
    const struct CMUnitTest tests[] = {
        CALLBACK_TEST(private_literals_are_refused_with_the_originals_sentence),
        CALLBACK_TEST(other_schemes_and_missing_hosts_are_told_as_such),
        CALLBACK_TEST(public_literals_and_all_names_pass),
        cmocka_unit_test(every_form_is_judged_at_submit_and_none_connected_to),
        cmocka_unit_test(an_entry_with_its_port_opens_a_denied_port),
        CALLBACK_TEST(a_listed_address_is_opened_but_never_the_metadata_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

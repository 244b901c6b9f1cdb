/* Which pages come next: breadth first, bounded, of the same origin, none that changes anything. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/probe/crawl.h"
#include "page.h"

static const struct crawl_limits LIMITS = {.depth = 3, .per_template = 5};

static struct crawl *crawl;
static struct robots *robots;

static int start(void **state) {
    (void)state;
    struct url first;
    assert_err(ERR_OK, url_parse(TEXT("http://a.test/"), &first, NULL));
    assert_err(ERR_OK, crawl_new(&first, &LIMITS, &crawl));
    assert_err(ERR_OK, robots_read(404, TEXT(""), "agnostic-qa", NULL, &robots));
    return 0;
}

static int stop(void **state) {
    (void)state;
    crawl_free(crawl);
    robots_free(robots);
    return 0;
}

static void obey(const char *file) {
    robots_free(robots);
    assert_err(ERR_OK, robots_read(200, text_of(file), "agnostic-qa", NULL, &robots));
}

/* What was asked for at url is this page. */
static void page(const char *url, const char *text) {
    struct url parsed_url;
    struct html *html = parsed(text);
    assert_err(ERR_OK, url_parse(text_of(url), &parsed_url, NULL));
    crawl_read(crawl, &parsed_url, html);
    html_free(html);
}

static void assert_next(const char *expected) {
    struct text url = TEXT("");
    assert_true(crawl_next(crawl, robots, &url));
    assert_text(expected, url);
}

static void assert_end(void) {
    struct text url = TEXT("");
    if (crawl_next(crawl, robots, &url))
        fail_msg("%.*s is left", TEXT_ARG(url));
}

static void pages_come_in_the_order_they_are_found(void **state) {
    (void)state;
    page("http://a.test/", "<a href=/x>1</a><a href=/y>2</a>");
    assert_next("http://a.test/x");
    page("http://a.test/x", "<a href=z>3</a>");
    assert_next("http://a.test/y");
    assert_next("http://a.test/z");
    assert_end();
}

static void links_frames_and_refreshes_are_taken_and_nothing_else(void **state) {
    (void)state;
    page("http://a.test/", "<meta http-equiv=refresh content='1;url=/refresh'><base href=/in/>"
                           "<a href=anchor>x</a><map><area href=area></map><iframe src=frame>"
                           "</iframe><form action=form></form><img src=i><script src=s></script>"
                           "<link rel=stylesheet href=c>");
    assert_next("http://a.test/refresh");
    assert_next("http://a.test/in/anchor");
    assert_next("http://a.test/in/area");
    assert_next("http://a.test/in/frame");
    assert_end();
}

static void a_page_is_asked_for_once_however_it_is_written(void **state) {
    (void)state;
    page("http://a.test/", "<a href=/>0</a><a href=/x?b=1&a=2>1</a><a href='/x?a=2&b=1#there'>2</a>"
                           "<a href=http://A.test:80/y/../x?%61=2&b=1>3</a>");
    assert_next("http://a.test/x?b=1&a=2");
    assert_end();
}

static void another_origin_is_left_alone(void **state) {
    (void)state;
    page("http://a.test/", "<a href=https://a.test/x>1</a><a href=http://a.test:81/x>2</a>"
                           "<a href=//b.test/x>3</a><a href=http://www.a.test/>4</a>"
                           "<a href=mailto:a@a.test>5</a><a href=javascript:x()>6</a>");
    assert_end();
}

static void a_page_is_no_further_than_the_limit_of_clicks(void **state) {
    (void)state;
    page("http://a.test/", "<a href=/a>1</a>");
    assert_next("http://a.test/a");
    page("http://a.test/a", "<a href=/b>1</a>");
    assert_next("http://a.test/b");
    page("http://a.test/b", "<a href=/c>1</a>");
    assert_next("http://a.test/c");
    page("http://a.test/c", "<a href=/d>1</a>");
    assert_end();
}

static void of_a_series_only_a_few_are_taken(void **state) {
    (void)state;
    char text[4096] = "";
    for (int day = 1; day <= 40; day++) {
        char link[64];
        snprintf(link, sizeof(link), "<a href='/cal/2024-%02d?day=%d'>x</a>", day, day);
        strncat(text, link, sizeof(text) - strlen(text) - 1);
    }
    strncat(text, "<a href=/other>y</a>", sizeof(text) - strlen(text) - 1);
    page("http://a.test/", text);
    for (size_t i = 1; i <= LIMITS.per_template; i++) {
        snprintf(text, sizeof(text), "http://a.test/cal/2024-%02zu?day=%zu", i, i);
        assert_next(text);
    }
    assert_next("http://a.test/other");
    assert_end();
    assert_int_equal(crawl_counts(crawl).repeated, 40 - LIMITS.per_template);
}

static void what_robots_disallows_is_passed_over_and_counted(void **state) {
    (void)state;
    obey("user-agent: *\ndisallow: /private");
    page("http://a.test/", "<a href=/private/x>1</a><a href=/y>2</a>");
    assert_next("http://a.test/y");
    assert_end();
    struct crawl_counts counts = crawl_counts(crawl);
    assert_int_equal(counts.disallowed, 1);
    assert_int_equal(counts.asked, 2);
}

static void links_that_change_something_are_never_taken(void **state) {
    (void)state;
    page("http://a.test/",
         "<a href=/logout>1</a><a href='/?do=Log-Out'>2</a><a href=/x%6Cog_off>3</a>"
         "<a href=/sign.out>4</a><a href=/item/17/delete>5</a><a href='/?action=REMOVE'>6</a>"
         "<a href=/unsubscribe?id=1>7</a><a href=/bye>Log out</a><a href=/q>Sign  out</a>"
         "<a href=/w aria-label='Delete account'></a><a href='/?x=sign%20out'>8</a>");
    struct crawl_counts counts = crawl_counts(crawl);
    assert_int_equal(counts.unsafe, 11);
    assert_end();
}

static void words_that_only_sound_alike_are_taken(void **state) {
    (void)state;
    page("http://a.test/", "<a href=/blog/outdoor>1</a><a href=/signs/offers>2</a>"
                           "<a href=/help>All you must know before you delete anything at all</a>");
    assert_next("http://a.test/blog/outdoor");
    assert_next("http://a.test/signs/offers");
    assert_next("http://a.test/help");
}

static void files_are_not_pages(void **state) {
    (void)state;
    page("http://a.test/", "<a href=/a.ZIP>1</a><a href=/b.pdf?x>2</a><a href=/c.html>3</a>"
                           "<a href=/d.php>4</a><a href=/zip>5</a>");
    assert_next("http://a.test/c.html");
    assert_next("http://a.test/d.php");
    assert_next("http://a.test/zip");
    assert_end();
}

static void a_redirect_leads_on_within_the_origin(void **state) {
    (void)state;
    struct url from;
    page("http://a.test/", "<a href=/a/b>1</a>");
    assert_next("http://a.test/a/b");
    assert_err(ERR_OK, url_parse(TEXT("http://a.test/a/b"), &from, NULL));
    crawl_redirect(crawl, &from, TEXT("c"));
    crawl_redirect(crawl, &from, TEXT("http://b.test/"));
    crawl_redirect(crawl, &from, TEXT("\\\\"));
    assert_next("http://a.test/a/c");
    assert_end();
}

static void redirects_without_end_are_a_series(void **state) {
    (void)state;
    struct url from;
    char next[64];
    size_t asked = 0;
    struct text url;
    page("http://a.test/", "<a href=/r/0>1</a>");
    while (crawl_next(crawl, robots, &url)) {
        assert_err(ERR_OK, url_parse(url, &from, NULL));
        snprintf(next, sizeof(next), "/r/%zu", ++asked);
        crawl_redirect(crawl, &from, text_of(next));
    }
    assert_int_equal(asked, LIMITS.per_template);
}

static void what_is_remembered_is_bounded(void **state) {
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 26 * 26; i++) /* names of letters are no series */
        buf_printf(&text, "<a href=/%c%c>x</a>", 'a' + i / 26, 'a' + i % 26);
    page("http://a.test/", buf_str(&text));
    buf_done(&text);
    struct crawl_counts counts = crawl_counts(crawl);
    assert_int_equal(counts.asked + counts.waiting, CRAWL_FOUND_MAX);
    assert_int_equal(counts.dropped, 26 * 26 + 1 - CRAWL_FOUND_MAX);
}

static void of_one_page_only_so_many_links_are_looked_at(void **state) {
    (void)state;
    char *text = page_of("", "<a href=/x>x</a>", CRAWL_PAGE_LINKS_MAX, "<a href=/y>y</a>");
    page("http://a.test/", text);
    free(text);
    assert_next("http://a.test/x");
    assert_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_come_in_the_order_they_are_found, start, stop),
        cmocka_unit_test_setup_teardown(links_frames_and_refreshes_are_taken_and_nothing_else,
                                        start, stop),
        cmocka_unit_test_setup_teardown(a_page_is_asked_for_once_however_it_is_written, start,
                                        stop),
        cmocka_unit_test_setup_teardown(another_origin_is_left_alone, start, stop),
        cmocka_unit_test_setup_teardown(a_page_is_no_further_than_the_limit_of_clicks, start, stop),
        cmocka_unit_test_setup_teardown(of_a_series_only_a_few_are_taken, start, stop),
        cmocka_unit_test_setup_teardown(what_robots_disallows_is_passed_over_and_counted, start,
                                        stop),
        cmocka_unit_test_setup_teardown(links_that_change_something_are_never_taken, start, stop),
        cmocka_unit_test_setup_teardown(words_that_only_sound_alike_are_taken, start, stop),
        cmocka_unit_test_setup_teardown(files_are_not_pages, start, stop),
        cmocka_unit_test_setup_teardown(a_redirect_leads_on_within_the_origin, start, stop),
        cmocka_unit_test_setup_teardown(redirects_without_end_are_a_series, start, stop),
        cmocka_unit_test_setup_teardown(what_is_remembered_is_bounded, start, stop),
        cmocka_unit_test_setup_teardown(of_one_page_only_so_many_links_are_looked_at, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

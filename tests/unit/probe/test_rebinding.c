/* Goal: a name that answered well once and leads to loopback now is never connected to. The names
 * come from an /etc/hosts of our own, in a mount namespace; skipped where that is not allowed. */
#include "probe/server.h"

#include <sched.h>
#include <sys/mount.h>

#include "agnostic/probe/http.h"
#include "agnostic/probe/tls.h"

static const char *hosts_file = "/tmp/agnostic-hosts-XXXXXX";

static void name_leads_to(const char *address) {
    FILE *file = fopen("/etc/hosts", "w");
    assert_non_null(file);
    fprintf(file, "%s rebind.test\n", address);
    fclose(file);
}

static bool own_hosts(void) {
    static char path[64];
    snprintf(path, sizeof(path), "%s", hosts_file);
    int fd = mkstemp(path);
    hosts_file = path;
    return fd >= 0 && close(fd) == 0 && unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(path, "/etc/hosts", NULL, MS_BIND, NULL) == 0;
}

static void hang_up(int fd, const void *ctx) {
    (void)fd;
    (void)ctx;
}

static void a_name_that_moves_to_loopback_is_refused_where_it_is_connected_to(void **state) {
    (void)state;
    if (!own_hosts())
        skip();
    struct server server = server_start(hang_up, NULL);
    struct gate *gate = gate_over("");
    struct url url = url_of(server_url(&server, "http", "rebind.test", "/"));
    struct addr addrs[4];
    size_t count = 0;
    struct fault fault = {0};
    name_leads_to("93.184.216.34");
    assert_int_equal(gate_resolve(gate, &url, addrs, 4, &count, &fault), ERR_OK);
    name_leads_to("127.0.0.1");

    int fd;
    assert_int_equal(gate_connect(gate, &url, url.port, 2000, &fd, &fault), ERR_REFUSED);
    const struct tls_wish wish = {.min = TLS_1_2, .max = TLS_1_3};
    struct tls_shake shake;
    assert_int_equal(tls_shake(gate, &url, &wish, 2000, &shake, &fault), ERR_REFUSED);
    struct http *http = NULL;
    struct http_response response;
    assert_int_equal(http_new(gate, "t", &http), ERR_OK);
    const struct http_request get = {
        .method = "GET", .url = text_of(server_url(&server, "http", "rebind.test", "/"))};
    assert_int_equal(http_send(http, &get, &HTTP_LIMITS_PROBE, &response, &fault), ERR_REFUSED);
    usleep(20000);
    assert_int_equal(server_connections(&server), 0);

    http_response_done(&response);
    http_free(http);
    gate_free(gate);
    server_stop(&server);
    unlink(hosts_file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_moves_to_loopback_is_refused_where_it_is_connected_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

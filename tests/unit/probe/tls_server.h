/* tls_server: openssl s_server with a certificate of certificates.h, and handshakes with it. */
#ifndef TESTS_PROBE_TLS_SERVER_H
#define TESTS_PROBE_TLS_SERVER_H

#include "probe/tls_orders.h"

#include "agnostic/probe/tls.h"

/* Reads "ACCEPT 127.0.0.1:PORT" from openssl's output. */
static inline uint16_t read_port(int fd) {
    char output[4096];
    size_t len = 0;
    unsigned port = 0;
    while (len < sizeof(output) - 1) {
        ssize_t n = read(fd, output + len, sizeof(output) - 1 - len);
        assert_true(n > 0);
        len += (size_t)n;
        output[len] = '\0';
        const char *at = strstr(output, "ACCEPT 127.0.0.1:");
        if (at && strchr(at, '\n') && sscanf(at, "ACCEPT 127.0.0.1:%u", &port) == 1)
            break;
    }
    return (uint16_t)port;
}

static inline void run_openssl(int out, const char *name, const char *const *extra) {
    const char *argv[32] = {"openssl",
                            "s_server",
                            "-accept",
                            "127.0.0.1:0",
                            "-www",
                            "-cert",
                            authority_path(&authority, name, ".pem"),
                            "-key",
                            authority_path(&authority, name, ".key")};
    size_t argc = 9;
    for (; extra && *extra; extra++)
        argv[argc++] = *extra;
    unsetenv("SSL_CERT_FILE"); /* else it would send the authority along */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp("openssl", (char *const *)argv);
    _exit(127);
}

/* openssl s_server with the certificate of that name and further options. */
static inline struct server openssl_start(const char *name, const char *const *extra) {
    int out[2];
    struct server server = {.connections = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
                                                MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    assert_int_equal(pipe(out), 0);
    server.pid = fork();
    assert_true(server.pid >= 0);
    if (server.pid == 0)
        run_openssl(out[1], name, extra);
    close(out[1]);
    server.port = read_port(out[0]);
    close(out[0]);
    return server;
}

struct seen {
    enum err err;
    struct tls_shake shake;
    struct fault fault;
};

static inline struct seen shake_as(const struct server *server, const char *host,
                                   struct tls_wish wish) {
    struct gate *gate = gate_over("localhost,127.0.0.1");
    struct url url = url_of(server_url(server, "https", host, "/"));
    struct seen seen = {0};
    seen.err = tls_shake(gate, &url, &wish, 3000, &seen.shake, &seen.fault);
    gate_free(gate);
    return seen;
}

static inline struct seen shake_with(const struct server *server, const char *host, int min,
                                     int max) {
    return shake_as(server, host, (struct tls_wish){.min = min, .max = max});
}

/* A handshake with a server that has that certificate. */
static inline struct tls_shake shake_of(const char *name, const char *host) {
    static const char *const weak[] = {"-cipher", "ALL:@SECLEVEL=0", NULL};
    struct server server = openssl_start(name, weak);
    struct seen seen = shake_with(&server, host, TLS_1_0, TLS_1_3);
    server_stop(&server);
    assert_int_equal(seen.err, ERR_OK);
    assert_true(seen.shake.completed);
    return seen.shake;
}

static inline bool has_fault(const struct tls_shake *shake, long fault) {
    for (size_t i = 0; i < shake->verify_error_count; i++)
        if (shake->verify_errors[i] == fault)
            return true;
    return false;
}

#endif

/* ctl_kit: agnosticctl as somebody calls it, against a service of a few prepared answers. */
#ifndef TESTS_CTL_KIT_H
#define TESTS_CTL_KIT_H

#include "probe/server.h"

#include <sys/stat.h>

#include "ctl/dispatch.h"

enum { CTL_OUTPUT_MAX = 1 << 16, CTL_ARGS_MAX = 24 };

struct ran {
    int status;
    char out[CTL_OUTPUT_MAX], err[CTL_OUTPUT_MAX];
};

static inline void ctl_read_back(FILE *file, char *dst) {
    rewind(file);
    dst[fread(dst, 1, CTL_OUTPUT_MAX - 1, file)] = '\0';
    fclose(file);
}

/* run("submit", "https://x/", NULL): a call in a process of its own, its environment as it is. */
static inline struct ran *ctl_run(const char *first, ...) {
    static struct ran ran;
    const char *argv[CTL_ARGS_MAX] = {"agnosticctl"};
    int argc = 1;
    va_list args;
    va_start(args, first);
    for (const char *arg = first; arg && argc < CTL_ARGS_MAX - 1; arg = va_arg(args, const char *))
        argv[argc++] = arg;
    va_end(args);
    FILE *out = tmpfile(), *err = tmpfile();
    assert_non_null(out);
    assert_non_null(err);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        int status = dispatch_run(argc, (char **)argv);
        fflush(NULL);
        _exit(status);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    ran.status = WEXITSTATUS(status);
    ctl_read_back(out, ran.out);
    ctl_read_back(err, ran.err);
    return &ran;
}

/* Answers to give one after another, one a connection; the last is given again and again. */
struct script {
    const char *const *answers;
    char last_request[4096]; /* shared with the child */
};

static inline void script_talk(int fd, const void *ctx) {
    static size_t next;
    struct script *script = *(struct script *const *)ctx;
    server_read_head(fd, script->last_request, sizeof(script->last_request));
    const char *answer = script->answers[next];
    server_write(fd, answer, strlen(answer));
    if (script->answers[next + 1])
        next++;
}

/* A service with these answers, NULL-terminated; AGNOSTIC_URL leads to it. */
static inline struct server service_start(const char *const *answers, struct script **ret_script) {
    struct script *script =
        mmap(NULL, sizeof(*script), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(script != MAP_FAILED);
    script->answers = answers;
    struct server server = server_start(script_talk, &script);
    setenv("AGNOSTIC_URL", server_url(&server, "http", "127.0.0.1", ""), 1);
    if (ret_script)
        *ret_script = script;
    return server;
}

#define HTTP(status, fields, body)                                                                 \
    "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n" fields        \
    "\r\n" body

static inline bool ends_with(const char *text, const char *end) {
    return text_ends(text_of(text), text_of(end));
}

static inline int ctl_set_up(void **state) {
    (void)state;
    setenv("AGNOSTIC_CONFIG", "/dev/null", 1);
    setenv("AGNOSTIC_API_KEY", "a-key-that-is-long-enough", 1);
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    return 0;
}

#endif

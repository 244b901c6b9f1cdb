/* Forks, works, answers through a pipe. Knows nothing of what the work is. */
#include "runner/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"

static _Noreturn void work_aside(void (*work)(void *ctx, void *answer), void *ctx, void *answer,
                                 size_t size, int fd, pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) {
        _exit(1);
    }
    work(ctx, answer);
    _exit(write(fd, answer, size) == (ssize_t)size ? 0 : 1);
}

enum err aside_start(void (*work)(void *ctx, void *answer), void *ctx, void *answer, size_t size,
                     struct aside *ret_aside) {
    int ends[2];
    pid_t parent = getpid();
    if (size > ASIDE_ANSWER_MAX || pipe2(ends, O_CLOEXEC) != 0) {
        return ERR_IO;
    }
    pid_t pid = fork();
    if (pid == 0) {
        work_aside(work, ctx, answer, size, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return ERR_IO;
    }
    *ret_aside = (struct aside){pid, ends[0]};
    return ERR_OK;
}

enum err aside_take(struct aside *aside, void *answer, size_t size) {
    char bytes[ASIDE_ANSWER_MAX];
    fcntl(aside->fd, F_SETFL, O_NONBLOCK);
    ssize_t n = read(aside->fd, bytes, sizeof(bytes));
    close(aside->fd);
    kill(aside->pid, SIGKILL);
    while (waitpid(aside->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    *aside = (struct aside){-1, -1};
    if (n != (ssize_t)size) {
        return ERR_IO;
    }
    memcpy(answer, bytes, size);
    return ERR_OK;
}

static int until(int64_t due_ms, int64_t deadline_ms) {
    int64_t wait = (due_ms < deadline_ms ? due_ms : deadline_ms) - time_mono_ms();
    return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

/* ERR_OK: readable. */
static enum err await(int fd, int64_t deadline_ms, const struct pulse *pulse) {
    for (;;) {
        int64_t due = 0;
        if (!pulse->beat(pulse->ctx, &due)) {
            return ERR_LOST;
        }
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = pulse->fd, .events = POLLIN}};
        poll(fds, 2, until(due, deadline_ms));
        if (fds[0].revents) {
            return ERR_OK;
        }
        if (time_mono_ms() >= deadline_ms) {
            return ERR_TIMEOUT;
        }
    }
}

enum err aside_run(void (*work)(void *ctx, void *answer), void *ctx, void *answer, size_t size,
                   int64_t limit_ms, const struct pulse *pulse) {
    struct aside aside;
    enum err err = aside_start(work, ctx, answer, size, &aside);
    if (err != ERR_OK) {
        return err;
    }
    err = await(aside.fd, time_mono_ms() + limit_ms, pulse);
    enum err taken = aside_take(&aside, answer, size);
    return err != ERR_OK ? err : taken;
}

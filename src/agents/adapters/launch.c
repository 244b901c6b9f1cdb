/* Starts a command and waits for its end. Knows nothing of what it does. */
#include "agents/adapters/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/text.h"
#include "agnostic/base/time.h"

static bool launch_file(int target, const char *path, int flags) {
    int fd = open(path, flags, 0600);
    return fd >= 0 && (fd == target || dup2(fd, target) == target);
}

/* In the new process; only what is safe between fork and exec. `told` takes errno. */
static _Noreturn void launch_child(const struct launch *launch, pid_t parent, int told) {
    struct rlimit size = {(rlim_t)launch->max_bytes, (rlim_t)launch->max_bytes};
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && chdir(launch->folder) == 0 &&
        launch_file(STDIN_FILENO, "/dev/null", O_RDONLY) &&
        launch_file(STDOUT_FILENO, launch->out != NULL ? launch->out : "/dev/null",
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW) &&
        setrlimit(RLIMIT_FSIZE, &size) == 0 &&
        close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
        sigprocmask(SIG_SETMASK, &none, NULL) == 0)
        execvp(launch->argv[0], launch->argv);
    int error = errno;
    (void)!write(told, &error, sizeof(error));
    _exit(127);
}

/* Until it ends or its time is up. */
static void launch_await(pid_t pid, int64_t limit_ms, struct launch_end *end) {
    int64_t until = time_mono_ms() + limit_ms, left;
    int pidfd = pidfd_open(pid, 0), status = 0;
    struct pollfd ready = {.fd = pidfd, .events = POLLIN};
    bool ended = false; /* without a pidfd nobody could watch the time: it is up at once */
    while (pidfd >= 0 && !ended && (left = until - time_mono_ms()) > 0)
        ended = poll(&ready, 1, left > INT32_MAX ? INT32_MAX : (int)left) > 0;
    end->timed_out = !ended;
    if (end->timed_out)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pidfd >= 0)
        close(pidfd);
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static enum err launch_fault(const struct launch *launch, int error, struct fault *fault) {
    bool missing = error == ENOENT || error == EACCES || error == ENOTDIR;
    return fault_set(fault, missing ? ERR_NOT_AVAILABLE : ERR_IO, "%.200s could not be started: %s",
                     launch->argv[0], strerror(error));
}

enum err launch_run(const struct launch *launch, struct launch_end *ret_end,
                    struct fault *ret_fault) {
    struct launch_end end = {0};
    int told[2], error = 0;
    pid_t parent = getpid();
    if (pipe2(told, O_CLOEXEC) != 0)
        return launch_fault(launch, EMFILE, ret_fault);
    pid_t pid = fork();
    if (pid == 0)
        launch_child(launch, parent, told[1]);
    int failure = pid < 0 ? errno : 0;
    close(told[1]);
    if (pid > 0 && read(told[0], &error, sizeof(error)) == (ssize_t)sizeof(error))
        failure = error;
    close(told[0]);
    if (pid > 0)
        launch_await(pid, launch->limit_ms, &end);
    if (failure != 0)
        return launch_fault(launch, failure, ret_fault);
    *ret_end = end;
    return ERR_OK;
}

bool launch_installed(const char *name) {
    const char *path = getenv("PATH");
    struct text rest = text_of(path != NULL ? path : "/usr/local/bin:/usr/bin:/bin"), folder;
    char file[PATH_MAX];
    while (text_cut(&rest, ':', &folder)) {
        int len = snprintf(file, sizeof(file), "%.*s/%s", TEXT_ARG(folder), name);
        if (len < (int)sizeof(file) && access(file, X_OK) == 0)
            return true;
    }
    return false;
}

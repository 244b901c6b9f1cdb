/* The kernel's own count of processes, where this host lets us have it; ours where not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/agents.h"
#include "runner/cgroup.h"

char run_dir[64];

enum { LIMIT = 20, TRIED = 60 /* bounded, so that the machine is safe when the limit is not */ };

static struct cgroup make_or_skip(void) {
    struct cgroup cgroup;
    if (!cgroup_make(LIMIT, 64, &cgroup)) {
        skip(); /* no pids controller here, or it may not be written */
    }
    return cgroup;
}

/* The line of the v2 group that this process is in. */
static void membership(char dst[static 512]) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    dst[0] = '\0';
    while (file && fgets(dst, 512, file) && strncmp(dst, "0::", 3) != 0) {
    }
    if (file) {
        fclose(file);
    }
}

/* Nobody handed a group to a test; where one did all the same, groups must still be made. */
static void a_process_stays_in_a_group_that_is_not_its_own(void **state) {
    char before[512], after[512];
    struct cgroup cgroup;
    (void)state;
    membership(before);
    bool could = cgroup_make(LIMIT, 64, &cgroup);
    cgroup_end(&cgroup);
    cgroup_settle();
    membership(after);
    assert_true(strcmp(before, after) == 0 || strstr(after, "/agnostic-runner"));
    assert_int_equal(cgroup_make(LIMIT, 64, &cgroup) >= could, true);
    cgroup_end(&cgroup);
}

static int status_of(pid_t pid) {
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In the group: how many of TRIED processes can be started. */
static _Noreturn void start_many(const struct cgroup *cgroup) {
    pid_t pids[TRIED];
    int started = 0;
    if (cgroup_join(cgroup) != 0) {
        _exit(TRIED + 1);
    }
    for (int i = 0; i < TRIED; i++) {
        pids[started] = fork();
        if (pids[started] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            sleep(10);
            _exit(0);
        }
        started += pids[started] > 0;
    }
    for (int i = 0; i < started; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
    _exit(started);
}

static void no_more_processes_start_than_the_group_holds(void **state) {
    (void)state;
    struct cgroup cgroup = make_or_skip();
    pid_t pid = fork();
    if (pid == 0) {
        start_many(&cgroup);
    }
    assert_int_equal(status_of(pid), LIMIT - 1); /* who started them is one of it */
    cgroup_end(&cgroup);
}

static void group_is_removed_at_the_end(void **state) {
    (void)state;
    struct cgroup cgroup = make_or_skip(), same = cgroup;
    assert_int_equal(access(cgroup.path, F_OK), 0);
    cgroup_end(&cgroup);
    assert_string_equal(cgroup.path, "");
    assert_int_not_equal(access(same.path, F_OK), 0);
}

static void group_that_was_left_behind_is_swept_and_no_other(void **state) {
    (void)state;
    struct cgroup mine = make_or_skip(), left;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool made = cgroup_make(LIMIT, 64, &left);
        _exit(made && write(ends[1], &left, sizeof(left)) == (ssize_t)sizeof(left) ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &left, sizeof(left)), (ssize_t)sizeof(left));
    assert_int_equal(status_of(pid), 0);
    cgroup_sweep();
    assert_int_not_equal(access(left.path, F_OK), 0);
    assert_int_equal(access(mine.path, F_OK), 0);
    cgroup_end(&mine);
    close(ends[0]);
    close(ends[1]);
}

/* An empty file system in place of the cgroups, for this process only. */
static bool hide_cgroups(void) {
    return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", "/sys/fs/cgroup", "tmpfs", 0, NULL) == 0;
}

static void processes_are_counted_where_the_kernel_does_not(void **state) {
    (void)state;
    enum { GOOD, BAD, CANNOT };
    pid_t pid = fork();
    if (pid == 0) {
        if (!hide_cgroups()) {
            _exit(CANNOT);
        }
        struct seen seen =
            run(with_nap("n=0; while [ $n -lt 60 ]; do sleep NAP & n=$((n + 1)); done; sleep NAP"),
                ",\"timeout_s\":3,\"limits\":{\"nproc\":20}");
        bool good = strcmp(outcome_reason(seen.outcome), "too_many_processes") == 0 &&
                    count_processes(nap()) == 0;
        outcome_free(seen.outcome);
        _exit(good ? GOOD : BAD);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT) {
        skip(); /* not root, or no mount namespace to be had */
    }
    assert_int_equal(status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_stays_in_a_group_that_is_not_its_own),
        cmocka_unit_test(no_more_processes_start_than_the_group_holds),
        cmocka_unit_test(group_is_removed_at_the_end),
        cmocka_unit_test(group_that_was_left_behind_is_swept_and_no_other),
        cmocka_unit_test(processes_are_counted_where_the_kernel_does_not),
    };
    return cmocka_run_group_tests(tests, make_run_dir, remove_run_dir);
}

/* Real agent processes, well-behaved and hostile: each ends, says what it came to, and
 * leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "runner/agents.h"
#include "runner/cgroup.h"

char run_dir[64];

/* --- what an agent says ------------------------------------------------------------- */

static void result_line_is_the_outcome(void **state) {
    (void)state;
    assert_ended(run(RESULT_LINE, ""), OUTCOME_COMPLETED, NULL);
}

static void last_line_needs_no_newline(void **state) {
    (void)state;
    assert_ended(run("printf '{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}'", ""),
                 OUTCOME_COMPLETED, NULL);
}

static void task_arrives_on_stdin_as_one_line(void **state) {
    (void)state;
    assert_ended(run("read -r task; read -r more && exit 1;"
                     "case $task in "
                     "'{\"v\":1,\"type\":\"task\"'*'\"task_id\":\"t-1\"'*'\"target\":null'*'}') "
                     ";; *) exit 2 ;; esac; " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
}

static void history_is_a_file_for_an_agent_that_asks_for_it(void **state) {
    (void)state;
    assert_ended(run("read -r task; path=${task#*'\"history\":\"'}; path=${path%%'\"'*};"
                     "[ \"$(cat \"$path\")\" = 'an earlier session' ] || exit 2; " RESULT_LINE,
                     ",\"input\":\"task+history\""),
                 OUTCOME_COMPLETED, NULL);
}

static void history_is_nobody_elses_business(void **state) {
    (void)state;
    assert_ended(run("read -r task; case $task in *history*) exit 2 ;; esac;"
                     "[ -z \"$(ls)\" ] || exit 2; " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
}

static void agent_need_not_read_its_task(void **state) {
    (void)state;
    assert_ended(run("exec <&-; sleep 0.05; " RESULT_LINE, ""), OUTCOME_COMPLETED, NULL);
}

static void findings_are_kept(void **state) {
    (void)state;
    struct seen seen =
        run("echo '{\"v\":1,\"type\":\"finding\",\"check_id\":\"X-1\",\"title\":\"T\","
            "\"severity\":\"low\",\"component\":\"c\"}'; " RESULT_LINE,
            "");
    assert_int_equal(outcome_findings(seen.outcome), 1);
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

static void no_result_is_a_failure(void **state) {
    (void)state;
    assert_ended(run("echo '{\"v\":1,\"type\":\"hello\"}'", ""), OUTCOME_FAILED, "no_result");
}

static void garbage_lines_are_counted_and_the_rest_is_heard(void **state) {
    (void)state;
    struct seen seen = run("echo garbage; printf '\\000\\377\\n'; echo '[1]'; " RESULT_LINE, "");
    assert_int_equal(outcome_bad_lines(seen.outcome), 3);
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

static void much_garbage_spoils_the_outcome(void **state) {
    (void)state;
    assert_ended(run("yes garbage | head -n 500; " RESULT_LINE, ""), OUTCOME_FAILED,
                 "agent_protocol");
}

static void stderr_is_no_outcome_but_kept(void **state) {
    (void)state;
    struct seen seen = run("echo for people >&2; " RESULT_LINE, "");
    assert_string_equal(seen.account.said, "for people\n");
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

static void what_it_says_to_people_is_in_the_journal(void **state) {
    (void)state;
    struct seen seen = run("echo one >&2; printf two >&2; echo garbage; echo '{\"v\":1,\"type\":"
                           "\"log\",\"level\":\"warn\",\"message\":\"three\"}'; " RESULT_LINE,
                           "");
    assert_non_null(strstr(seen.journal, " == attempt 1: shell ==\n"));
    assert_non_null(strstr(seen.journal, " 1 shell stderr: one\n"));
    assert_non_null(strstr(seen.journal, " 1 shell stderr: two\n"));
    assert_non_null(strstr(seen.journal, " 1 shell unreadable line: garbage\n"));
    assert_non_null(strstr(seen.journal, " 1 shell warn: three\n"));
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

/* --- floods ------------------------------------------------------------------------- */

static long peak_kib(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void flood_on_both_streams_costs_no_memory(void **state) {
    (void)state;
    long before = peak_kib();
    struct seen seen = run("head -c 200000000 /dev/zero | tr '\\0' 'x' | fold -w 1000 >&2 & "
                           "head -c 100000000 /dev/zero | tr '\\0' 'y'; wait; echo; " RESULT_LINE,
                           ",\"limits\":{\"stdout_mb\":200}");
    assert_int_equal(outcome_bad_lines(seen.outcome), 1);
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
    assert_true(peak_kib() - before < 16 * 1024);
}

static void line_of_a_gigabyte_costs_no_memory(void **state) {
    (void)state;
    long before = peak_kib();
    struct seen seen = run(RESULT_LINE "; head -c 1073741824 /dev/zero", "");
    assert_int_equal(seen.account.out_bytes >> 30, 1);
    assert_ended(seen, OUTCOME_PARTIAL, "output_truncated");
    assert_true(peak_kib() - before < 16 * 1024);
}

static void what_is_printed_beyond_the_limit_is_not_heard(void **state) {
    (void)state;
    assert_ended(
        run("yes '{\"v\":1,\"type\":\"progress\",\"percent\":1}' | head -n 50000; " RESULT_LINE,
            ",\"limits\":{\"stdout_mb\":1}"),
        OUTCOME_FAILED, "no_result");
}

/* --- what is left behind ------------------------------------------------------------ */

static const char DAEMON[] =
    "(setsid sh -c '(trap \"\" TERM HUP; sleep NAP; :) &' &) ; sleep 0.2; " RESULT_LINE;

static void daemon_does_not_survive_the_step(void **state) {
    (void)state;
    assert_ended(run(with_nap(DAEMON), ""), OUTCOME_COMPLETED, NULL);
    assert_int_equal(count_processes(nap()), 0);
}

/* Without CAP_SYS_ADMIN root can make no namespace. */
static void assert_without_namespaces(bool (*is_good)(void)) {
    if (geteuid() != 0) {
        skip();
    }
    pid_t pid = fork();
    if (pid == 0) {
        struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
        syscall(SYS_capget, &header, data);
        for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
            data[i].effective = data[i].permitted = data[i].inheritable = 0;
        }
        syscall(SYS_capset, &header, data);
        _exit(is_good() ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static bool daemon_is_swept(void) {
    struct seen seen = run(with_nap(DAEMON), "");
    bool good = !seen.account.contained && outcome_status(seen.outcome) == OUTCOME_COMPLETED &&
                count_processes(nap()) == 0;
    outcome_free(seen.outcome);
    return good;
}

static void daemon_does_not_survive_without_namespaces_either(void **state) {
    (void)state;
    assert_without_namespaces(daemon_is_swept);
}

static bool is_put_off(void) {
    struct seen seen = run_as((struct seen){.beside = true}, RESULT_LINE, "", &steady);
    outcome_free(seen.outcome);
    return seen.err == ERR_IO;
}

/* The sweep after one would end the others as well. */
static void none_starts_beside_others_without_a_namespace(void **state) {
    (void)state;
    assert_without_namespaces(is_put_off);
}

static bool root_has_cgroups(void) {
    struct cgroup cgroup;
    bool has = geteuid() == 0 && cgroup_make(1, 64, &cgroup);
    if (has) {
        cgroup_end(&cgroup);
    }
    return has;
}

/* Bounded, so that the machine is safe when the limit is not. */
static void no_more_processes_start_than_allowed(void **state) {
    (void)state;
    struct seen seen =
        run(with_nap("n=0; while [ $n -lt 60 ]; do sleep NAP & n=$((n + 1)); done; sleep NAP"),
            ",\"timeout_s\":3,\"limits\":{\"nproc\":20}");
    assert_int_equal(outcome_status(seen.outcome), OUTCOME_FAILED);
    /* Where the kernel counts it cannot fork any more and ends; elsewhere we count and stop it. */
    assert_true(
        strcmp(outcome_reason(seen.outcome), "agent_crashed") == 0 ||
        (!root_has_cgroups() && strcmp(outcome_reason(seen.outcome), "too_many_processes") == 0));
    assert_int_equal(count_processes(nap()), 0);
    outcome_free(seen.outcome);
}

static size_t entries_of_run_dir(void) {
    DIR *folder = opendir(run_dir);
    struct dirent *entry;
    size_t entries = 0;
    while ((entry = readdir(folder))) {
        entries += entry->d_name[0] != '.';
    }
    closedir(folder);
    return entries;
}

static void work_folder_is_private_and_removed(void **state) {
    (void)state;
    assert_ended(run("test \"$PWD\" = \"$HOME\" && test -z \"$(ls -A)\" && umask | grep -q 077 && "
                     "mkdir -p a/b && echo x > a/b/c && ln -s /etc a/etc && chmod 0 a/b && "
                     "test \"$(stat -c %a .)\" = 700 && " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
    assert_int_equal(entries_of_run_dir(), 0);
}

/* Paths longer than PATH_MAX cannot be named as a whole. */
static void work_folder_of_any_depth_is_removed(void **state) {
    (void)state;
    assert_ended(run("n=$(printf 'a%.0s' $(seq 200)); i=0; while [ $i -lt 60 ]; do mkdir $n && "
                     "cd -P ./$n || break; i=$((i + 1)); done; echo x >x; chmod 0 .; " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
    assert_int_equal(entries_of_run_dir(), 0);
}

/* --- what it may -------------------------------------------------------------------- */

static void environment_holds_nothing_of_ours(void **state) {
    (void)state;
    setenv("AGNOSTIC_API_KEY", "hunter2hunter2hunter2", 1);
    setenv("WEBGUI_SECRET_KEY", "hunter2hunter2hunter2hunter2hunter2", 1);
    setenv("SSL_CERT_FILE", "/tmp/trust.pem", 1);
    assert_ended(run("env | grep -q hunter2 && exit 1; env | grep -q AGNOSTIC && exit 2; "
                     "test \"$SSL_CERT_FILE\" = /tmp/trust.pem || exit 3; " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
    unsetenv("AGNOSTIC_API_KEY");
    unsetenv("WEBGUI_SECRET_KEY");
    unsetenv("SSL_CERT_FILE");
}

static void no_descriptor_is_inherited(void **state) {
    (void)state;
    int leak = open("/etc/hostname", O_RDONLY), far = fcntl(leak, F_DUPFD, 200);
    assert_ended(run("for fd in /proc/self/fd/*; do n=${fd##*/}; "
                     "[ -e \"$fd\" ] && [ \"$n\" -gt 2 ] && [ \"$n\" -ne 255 ] && exit 1; "
                     "done; " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
    close(leak);
    close(far);
}

static void agent_has_no_privileges_to_gain(void **state) {
    (void)state;
    assert_ended(run("grep -q 'NoNewPrivs:\t1' /proc/self/status && "
                     "grep -q 'CapEff:\t0000000000000000' /proc/self/status && "
                     "grep -q 'CapPrm:\t0000000000000000' /proc/self/status && " RESULT_LINE,
                     ""),
                 OUTCOME_COMPLETED, NULL);
}

static void agent_without_network_reaches_nothing(void **state) {
    (void)state;
    struct seen seen = run("test $(grep -c : /proc/net/dev) -le 1 && " RESULT_LINE, "");
    if (!seen.account.offline) {
        outcome_free(seen.outcome);
        skip(); /* this host grants no network namespace */
    }
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

static void strict_agent_reads_no_stranger_and_writes_only_its_folder(void **state) {
    (void)state;
    char secret[80], script[1024];
    snprintf(secret, sizeof(secret), "%s-secret", run_dir);
    int fd = open(secret, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, "hunter2", 7) == 7);
    close(fd);
    snprintf(script, sizeof(script),
             "cat %s && exit 1; echo x >/tmp/agnostic-escape && exit 2; cat /etc/shadow && exit 3; "
             "echo x >inside && cat inside && test -r /etc/ssl && " RESULT_LINE,
             secret);
    struct seen seen = run(script, ",\"sandbox\":\"strict\"");
    unlink(secret);
    assert_ended(seen, OUTCOME_COMPLETED, NULL);
}

static void limits_are_set(void **state) {
    (void)state;
    assert_ended(run("test $(ulimit -t) = 7 && test $(ulimit -c) = 0 && test $(ulimit -n) = 256 && "
                     "dd if=/dev/zero of=big bs=1M count=3 2>/dev/null; "
                     "test $(stat -c %s big) -le 2097152 && " RESULT_LINE,
                     ",\"limits\":{\"cpu_s\":7,\"fsize_mb\":2}"),
                 OUTCOME_COMPLETED, NULL);
}

/* The same that without a limit ends well. */
static void memory_is_limited(void **state) {
    (void)state;
    static const char GREEDY[] = "x=$(head -c 100000000 /dev/zero | tr '\\0' x) && " RESULT_LINE;
    assert_ended(run(GREEDY, ",\"limits\":{\"rss_mb\":64}"), OUTCOME_FAILED, "agent_crashed");
    assert_ended(run(GREEDY, ",\"limits\":{\"rss_mb\":2048}"), OUTCOME_COMPLETED, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(result_line_is_the_outcome),
        cmocka_unit_test(last_line_needs_no_newline),
        cmocka_unit_test(task_arrives_on_stdin_as_one_line),
        cmocka_unit_test(history_is_a_file_for_an_agent_that_asks_for_it),
        cmocka_unit_test(history_is_nobody_elses_business),
        cmocka_unit_test(agent_need_not_read_its_task),
        cmocka_unit_test(findings_are_kept),
        cmocka_unit_test(no_result_is_a_failure),
        cmocka_unit_test(garbage_lines_are_counted_and_the_rest_is_heard),
        cmocka_unit_test(much_garbage_spoils_the_outcome),
        cmocka_unit_test(stderr_is_no_outcome_but_kept),
        cmocka_unit_test(what_it_says_to_people_is_in_the_journal),
        cmocka_unit_test(flood_on_both_streams_costs_no_memory),
        cmocka_unit_test(line_of_a_gigabyte_costs_no_memory),
        cmocka_unit_test(what_is_printed_beyond_the_limit_is_not_heard),
        cmocka_unit_test(daemon_does_not_survive_the_step),
        cmocka_unit_test(daemon_does_not_survive_without_namespaces_either),
        cmocka_unit_test(none_starts_beside_others_without_a_namespace),
        cmocka_unit_test(no_more_processes_start_than_allowed),
        cmocka_unit_test(work_folder_is_private_and_removed),
        cmocka_unit_test(work_folder_of_any_depth_is_removed),
        cmocka_unit_test(environment_holds_nothing_of_ours),
        cmocka_unit_test(no_descriptor_is_inherited),
        cmocka_unit_test(agent_has_no_privileges_to_gain),
        cmocka_unit_test(agent_without_network_reaches_nothing),
        cmocka_unit_test(strict_agent_reads_no_stranger_and_writes_only_its_folder),
        cmocka_unit_test(limits_are_set),
        cmocka_unit_test(memory_is_limited),
    };
    return cmocka_run_group_tests(tests, make_run_dir, remove_run_dir);
}

/* Names that are nobody else's, and who is busy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/crew.h"

static struct crew *new_crew(void) {
    struct crew *crew;
    assert_int_equal(crew_new(3, 0, &crew), ERR_OK);
    return crew;
}

static void equal_host_and_pid_make_no_equal_names(void **state) {
    (void)state;
    char one[TASK_STORE_SLOT_SIZE], two[TASK_STORE_SLOT_SIZE];
    struct crew *crew = new_crew(), *other = new_crew();
    assert_string_not_equal(crew_name(crew), crew_name(other));
    assert_int_equal(crew_member(crew, "slot", 1, one), ERR_OK);
    assert_int_equal(crew_member(crew, "slot", 1, two), ERR_OK);
    assert_string_not_equal(one, two);
    crew_free(other);
    crew_free(crew);
}

/* In a process of its own, whose host bears the longest of names, with strange bytes in it. */
static void names_fit_on_any_host(void **state) {
    (void)state;
    enum { GOOD, BAD, CANNOT };
    pid_t pid = fork();
    if (pid == 0) {
        static const char STRANGE[] =
            "h:s t\n\xff-0123456789012345678901234567890123456789012345678901";
        if (unshare(CLONE_NEWUTS) != 0 || sethostname(STRANGE, sizeof(STRANGE) - 1) != 0) {
            _exit(CANNOT);
        }
        struct crew *crew = new_crew();
        char name[TASK_STORE_SLOT_SIZE];
        bool made = crew_member(crew, "slot", CREW_SLOTS_MAX, name) == ERR_OK;
        bool whole = made && strncmp(name, "h-s-t---", 8) == 0 && strstr(name, ":slot256.") &&
                     strlen(strstr(name, ":slot256.")) == strlen(":slot256.") + 8;
        _exit(whole ? GOOD : BAD);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT) {
        skip(); /* not root */
    }
    assert_int_equal(status, 0);
}

static void all_processes_see_who_is_busy(void **state) {
    (void)state;
    struct crew *crew = new_crew();
    struct fleet_runner runner;
    pid_t pid = fork();
    if (pid == 0) {
        crew_set_busy(crew, 1, true);
        crew_set_busy(crew, 3, true);
        crew_set_busy(crew, 1, false);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(crew_busy(crew), 1);
    crew_tell(crew, true, &runner);
    assert_int_equal(runner.slots, 3);
    assert_int_equal(runner.busy, 1);
    assert_true(runner.draining);
    assert_string_equal(runner.name, crew_name(crew));
    assert_string_equal(runner.version, AGNOSTIC_VERSION);
    assert_string_not_equal(runner.containment, "");
    crew_free(crew);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_host_and_pid_make_no_equal_names),
        cmocka_unit_test(names_fit_on_any_host),
        cmocka_unit_test(all_processes_see_who_is_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

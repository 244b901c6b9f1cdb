/* Where settings are found and which files are refused: real files, real environment. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/settings.h"

static char folder[] = "/tmp/agnostic-settings-XXXXXX";
static char path[4096];

static const char *in_folder(const char *name) {
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *content, mode_t mode) {
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static enum err load_from(const char *config, struct fault *fault) {
    struct settings *settings = NULL;
    setenv("AGNOSTIC_CONFIG", config, 1);
    enum err err = settings_load(&settings, fault);
    settings_free(settings);
    unsetenv("AGNOSTIC_CONFIG");
    return err;
}

static void a_named_file_must_be_there(void **state) {
    (void)state;
    struct fault fault;
    assert_err(ERR_CONFIG, load_from(in_folder("absent.conf"), &fault));
    assert_non_null(strstr(fault.text, "absent.conf"));
}

static void a_name_too_long_for_a_file_is_not_passed_over(void **state) {
    (void)state;
    struct fault fault;
    char name[8192] = "/";
    memset(name + 1, 'x', sizeof(name) - 2);
    name[sizeof(name) - 1] = '\0';
    assert_err(ERR_CONFIG, load_from(name, &fault));
    assert_non_null(strstr(fault.text, "xxx"));
}

static void a_folder_is_no_file(void **state) {
    (void)state;
    struct fault fault;
    assert_err(ERR_CONFIG, load_from(folder, &fault));
}

static void faults_name_the_file_and_line(void **state) {
    (void)state;
    struct fault fault;
    write_file("bad.conf", "\nNOPE=1\n", 0600);
    assert_err(ERR_CONFIG, load_from(path, &fault));
    assert_non_null(strstr(fault.text, "bad.conf line 2: unknown setting \"NOPE\""));
}

static void a_secret_that_others_may_read_is_refused(void **state) {
    (void)state;
    struct fault fault;
    static const char secret[] = "AGNOSTIC_API_KEY=0123456789abcdef\n";
    write_file("secret.conf", secret, 0644);
    assert_err(ERR_CONFIG, load_from(path, &fault));
    assert_non_null(strstr(fault.text, "AGNOSTIC_API_KEY"));
    assert_null(strstr(fault.text, "0123456789"));
    write_file("secret.conf", secret, 0640);
    assert_err(ERR_CONFIG, load_from(path, &fault));
    write_file("secret.conf", secret, 0600);
    assert_err(ERR_OK, load_from(path, &fault));
}

static void a_variable_does_not_excuse_an_open_secret(void **state) {
    (void)state;
    struct fault fault;
    write_file("secret.conf", "AGNOSTIC_API_KEY=0123456789abcdef\n", 0644);
    setenv("AGNOSTIC_API_KEY", "another-key-of-good-length", 1);
    enum err err = load_from(path, &fault);
    unsetenv("AGNOSTIC_API_KEY");
    assert_err(ERR_CONFIG, err);
}

static void a_file_without_secrets_may_be_read_by_all(void **state) {
    (void)state;
    struct fault fault;
    write_file("open.conf", "AGNOSTIC_API_KEY=\nAGNOSTIC_LEASE_MS=4200\n", 0644);
    assert_err(ERR_OK, load_from(path, &fault));
}

/* --- finding: a copy of this program in its own folder tells what it read ---------- */

enum { CHILD_SCALE = 100 };

static int tell_lease(void) {
    struct settings *settings = NULL;
    if (settings_load(&settings, NULL) != ERR_OK)
        return 255;
    int told = (int)(settings_int(settings, SETTINGS_LEASE_MS) / CHILD_SCALE);
    settings_free(settings);
    return told;
}

static void copy_this_program(void) {
    char chunk[65536];
    ssize_t len;
    int from = open("/proc/self/exe", O_RDONLY),
        to = open(in_folder("program"), O_WRONLY | O_CREAT, 0700);
    assert_true(from >= 0 && to >= 0);
    while ((len = read(from, chunk, sizeof(chunk))) > 0)
        assert_int_equal(write(to, chunk, (size_t)len), len);
    close(from);
    close(to);
}

static int lease_told_by_copy(void) {
    char home[4096];
    int status = 0;
    snprintf(home, sizeof(home), "HOME=%s/home", folder);
    char program[] = "program", tell[] = "--tell";
    char *const argv[] = {program, tell, NULL}, *const env[] = {home, NULL};
    in_folder("program");
    pid_t pid = fork();
    if (pid == 0) {
        execve(path, argv, env);
        _exit(254);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_file_beside_the_binary_goes_before_home(void **state) {
    (void)state;
    copy_this_program();
    mkdir(in_folder("home"), 0700);
    mkdir(in_folder("home/.config"), 0700);
    mkdir(in_folder("home/.config/agnostic"), 0700);
    write_file("home/.config/agnostic/agnostic.conf", "AGNOSTIC_LEASE_MS=700\n", 0600);
    assert_int_equal(lease_told_by_copy(), 7);
    write_file("agnostic.conf", "AGNOSTIC_LEASE_MS=900\n", 0600);
    assert_int_equal(lease_told_by_copy(), 9);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"bad.conf",
                                        "secret.conf",
                                        "open.conf",
                                        "program",
                                        "agnostic.conf",
                                        "home/.config/agnostic/agnostic.conf",
                                        "home/.config/agnostic",
                                        "home/.config",
                                        "home"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        remove(in_folder(names[i]));
    return rmdir(folder);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_named_file_must_be_there),
        cmocka_unit_test(a_name_too_long_for_a_file_is_not_passed_over),
        cmocka_unit_test(a_folder_is_no_file),
        cmocka_unit_test(faults_name_the_file_and_line),
        cmocka_unit_test(a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(a_variable_does_not_excuse_an_open_secret),
        cmocka_unit_test(a_file_without_secrets_may_be_read_by_all),
        cmocka_unit_test(the_file_beside_the_binary_goes_before_home),
    };
    if (argc == 2 && strcmp(argv[1], "--tell") == 0)
        return tell_lease();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* Goal: what an agent left is read when it is a plain file of its folder, and nothing else is. */
#include "runner/workdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

enum { MOST = 64 };

static char folder[PATH_MAX];

static int make_folder(void **unused) {
    char root[] = "/tmp/agnostic-workdir-XXXXXX";
    (void)unused;
    assert_non_null(mkdtemp(root));
    snprintf(folder, sizeof(folder), "%s", root);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    assert_int_equal(workdir_remove(folder), ERR_OK);
    return 0;
}

static const char *in(const char *name) {
    static char path[2][PATH_MAX + 64];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
    return path[turn];
}

static void put(const char *name, size_t bytes) {
    char text[2 * MOST];
    memset(text, 'x', sizeof(text));
    assert_int_equal(workdir_put(folder, name, text_make(text, bytes), NULL), ERR_OK);
}

static enum err get(const char *name, size_t *ret_bytes) {
    struct buf buf;
    buf_init(&buf, MOST);
    enum err err = workdir_get(folder, name, &buf);
    *ret_bytes = buf.len;
    buf_done(&buf);
    return err;
}

static void a_plain_file_is_read_whole(void **unused) {
    (void)unused;
    size_t bytes;
    put("series.json", MOST);
    put("empty", 0);
    assert_int_equal(get("series.json", &bytes), ERR_OK);
    assert_int_equal(bytes, MOST);
    assert_int_equal(get("empty", &bytes), ERR_OK);
    assert_int_equal(bytes, 0);
}

static void what_is_too_large_is_not_half_read(void **unused) {
    (void)unused;
    size_t bytes;
    put("large", MOST + 1);
    assert_int_equal(get("large", &bytes), ERR_TOO_LARGE);
}

static void links_pipes_and_folders_are_no_files(void **unused) {
    (void)unused;
    size_t bytes;
    put("file", 1);
    assert_int_equal(symlink("/etc/hostname", in("soft")), 0);
    assert_int_equal(link(in("file"), in("hard")), 0);
    assert_int_equal(mkfifo(in("pipe"), 0600), 0);
    assert_int_equal(mkdir(in("folder"), 0700), 0);
    static const char *const NAMES[] = {"soft", "hard", "file", "pipe", "folder", "absent"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (get(NAMES[i], &bytes) != ERR_IO)
            fail_msg("%s was read", NAMES[i]);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_plain_file_is_read_whole),
        TEST(what_is_too_large_is_not_half_read),
        TEST(links_pipes_and_folders_are_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

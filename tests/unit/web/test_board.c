/* What workers of one host know together, whoever of them dies. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web/board.h"

enum { POOL = 7, WORKERS = 8 };

static char folder[] = "/tmp/agnostic-board-XXXXXX";
static struct board *board;

static struct board *open_board(void) {
    struct board *opened = board_open(folder, "test");
    assert_non_null(opened);
    return opened;
}

static int start(void **unused) {
    (void)unused;
    board = open_board();
    return 0;
}

static int stop(void **unused) {
    char path[128];
    (void)unused;
    board_close(board);
    snprintf(path, sizeof(path), "%s/agnostic-api.board", folder);
    unlink(path);
    return 0;
}

static void board_path(char *dst, size_t size) {
    snprintf(dst, size, "%s/agnostic-api.board", folder);
}

/* --- a crew of processes, told what to do one after another ------------------------------ */

static int to[WORKERS][2], from[WORKERS][2];
static pid_t crew[WORKERS];

static _Noreturn void work(int n) {
    char order, said;
    struct board *mine = open_board();
    board_join(mine, POOL);
    while (read(to[n][0], &order, 1) == 1) {
        said = 'y';
        if (order == 'w')
            said = board_wait_begin(mine) ? 'y' : 'n';
        else if (order == 'e')
            board_wait_end(mine);
        if (write(from[n][1], &said, 1) != 1)
            break;
    }
    _exit(0);
}

static bool tell(int n, char order) {
    char said = 0;
    assert_int_equal(write(to[n][1], &order, 1), 1);
    assert_int_equal(read(from[n][0], &said, 1), 1);
    return said == 'y';
}

static void hire(int count) {
    for (int n = 0; n < count; n++) {
        assert_int_equal(pipe(to[n]) | pipe(from[n]), 0);
        crew[n] = fork();
        if (crew[n] == 0)
            work(n);
        assert_true(tell(n, 'h'));
    }
}

static void end(int n, int signal) {
    kill(crew[n], signal);
    waitpid(crew[n], NULL, 0);
    close(to[n][0]), close(to[n][1]), close(from[n][0]), close(from[n][1]);
}

static void dismiss(int first, int count) {
    for (int n = first; n < count; n++)
        end(n, SIGKILL);
}

/* --- waiting ----------------------------------------------------------------------------- */

static void one_worker_in_four_may_wait(void **unused) {
    (void)unused;
    hire(8);
    assert_true(tell(0, 'w'));
    assert_true(tell(1, 'w'));
    assert_false(tell(2, 'w'));
    assert_true(tell(0, 'e'));
    assert_true(tell(2, 'w'));
    dismiss(0, 8);
}

static void none_of_three_may_wait(void **unused) {
    (void)unused;
    hire(3);
    assert_false(tell(0, 'w'));
    dismiss(0, 3);
}

static void the_place_of_a_killed_waiter_is_free(void **unused) {
    (void)unused;
    hire(6);
    assert_true(tell(0, 'w'));
    assert_false(tell(1, 'w'));
    end(0, SIGKILL);
    assert_true(tell(1, 'w'));
    dismiss(1, 6);
}

static void killed_workers_are_not_counted_as_workers(void **unused) {
    (void)unused;
    hire(4);
    end(3, SIGKILL);
    assert_false(tell(0, 'w'));
    dismiss(0, 3);
}

static void another_pool_is_none_of_ours(void **unused) {
    (void)unused;
    hire(4);
    board_join(board, POOL + 1);
    assert_int_equal(board_workers(board), 1);
    assert_false(board_wait_begin(board));
    dismiss(0, 4);
}

/* --- counting ---------------------------------------------------------------------------- */

static void counts_are_everybodys_and_outlive_who_counted(void **unused) {
    (void)unused;
    pid_t pid = fork();
    if (pid == 0) {
        struct board *other = open_board();
        board_count(other, 3, 4, 1500);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    assert_true(board_is_shared(board));
    assert_int_equal(board_requests(board, 3, 4), 1);
    assert_int_equal(board_span(board, 3, 0), 0);
    assert_int_equal(board_span(board, 3, 1), 1);
    assert_int_equal(board_span_us(board, 3), 1500);
}

static void a_count_beyond_the_board_is_dropped(void **unused) {
    (void)unused;
    board_count(board, BOARD_ROUTES_MAX, 0, 1);
    board_count(board, 0, BOARD_CODES_MAX, 1);
    assert_int_equal(board_span(board, 0, 0), 0);
}

/* --- the file ------------------------------------------------------------------------------ */

static void a_board_of_another_version_is_replaced(void **unused) {
    (void)unused;
    board_count(board, 0, 0, 1);
    struct board *other = board_open(folder, "another");
    assert_true(board_is_shared(other));
    assert_int_equal(board_requests(other, 0, 0), 0);
    assert_int_equal(board_requests(board, 0, 0), 1);
    board_close(other);
}

static void a_file_that_is_no_board_is_replaced(void **unused) {
    char path[128];
    (void)unused;
    board_path(path, sizeof(path));
    assert_int_equal(truncate(path, 0), 0); /* and 20 bytes of something */
    FILE *file = fopen(path, "w");
    fputs("not a board at all..", file);
    fclose(file);
    struct board *other = open_board();
    assert_true(board_is_shared(other));
    board_count(other, 0, 0, 1);
    assert_int_equal(board_requests(other, 0, 0), 1);
    board_close(other);
}

static void a_file_that_others_may_write_is_not_used(void **unused) {
    char path[128];
    (void)unused;
    board_path(path, sizeof(path));
    assert_int_equal(chmod(path, 0666), 0);
    struct board *other = open_board();
    assert_false(board_is_shared(other));
    board_close(other);
}

static void a_link_is_not_followed(void **unused) {
    char path[128];
    (void)unused;
    board_path(path, sizeof(path));
    unlink(path);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    struct board *other = open_board();
    assert_false(board_is_shared(other));
    board_close(other);
}

static void without_a_folder_a_supervisors_workers_share_memory(void **unused) {
    (void)unused;
    struct board *memory = board_open("/nonexistent", "test");
    assert_false(board_is_shared(memory));
    pid_t pid = fork();
    if (pid == 0) {
        board_join(memory, POOL);
        board_count(memory, 1, 1, 1);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    assert_int_equal(board_requests(memory, 1, 1), 1);
    board_close(memory);
}

int main(void) {
    assert_non_null(mkdtemp(folder));
#define BOARD_TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        BOARD_TEST(one_worker_in_four_may_wait),
        BOARD_TEST(none_of_three_may_wait),
        BOARD_TEST(the_place_of_a_killed_waiter_is_free),
        BOARD_TEST(killed_workers_are_not_counted_as_workers),
        BOARD_TEST(another_pool_is_none_of_ours),
        BOARD_TEST(counts_are_everybodys_and_outlive_who_counted),
        BOARD_TEST(a_count_beyond_the_board_is_dropped),
        BOARD_TEST(a_board_of_another_version_is_replaced),
        BOARD_TEST(a_file_that_is_no_board_is_replaced),
        BOARD_TEST(a_file_that_others_may_write_is_not_used),
        BOARD_TEST(a_link_is_not_followed),
        BOARD_TEST(without_a_folder_a_supervisors_workers_share_memory),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}

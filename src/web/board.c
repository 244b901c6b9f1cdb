/* board: the shared mapping and what may be done to it. Knows no routes, no settings, no clock. */
#include "web/board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"

enum {
    BOARD_TRIES = 3,        /* to find a file that fits */
    BOARD_LOCK_TRIES = 200, /* for another who makes it at this moment */
    BOARD_LOCK_PAUSE_MS = 5,
    BOARD_NAME_MAX = 768
};

const int64_t BOARD_SPANS_US[BOARD_SPANS - 1] = {
    1000, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 2500000, 10000000, 30000000};

/* A worker's row is in use while byte (offset of its pool) of the file is locked by it. */
struct board_row {
    _Atomic int64_t pool; /* -1 with no waiter: never used, or left in order */
    _Atomic int32_t waiting;
};

/* The file. */
struct board_sheet {
    char identity[SECURE_HEX_SIZE]; /* written last when it is made */
    unsigned char salt[16];         /* so that nobody can aim at another's counter */
    struct board_row rows[BOARD_WORKERS_MAX];
    _Atomic uint64_t requests[BOARD_ROUTES_MAX][BOARD_CODES_MAX];
    _Atomic uint64_t spans[BOARD_ROUTES_MAX][BOARD_SPANS];
    _Atomic uint64_t span_us[BOARD_ROUTES_MAX];
    _Atomic uint64_t failures[BOARD_FAILURE_ROWS][BOARD_FAILURES]; /* minute << 32 | count */
    _Atomic uint64_t failures_all;                                 /* of the minute, likewise */
};

struct board {
    struct board_sheet *sheet;
    int fd;
    bool shared;
    int row; /* of this process, -1: none */
};

/* --- the file ------------------------------------------------------------------------ */

static enum err board_identity(const char *identity, char hex[static SECURE_HEX_SIZE]) {
    char text[BOARD_NAME_MAX];
    snprintf(text, sizeof(text), "%zu %s", sizeof(struct board_sheet), identity);
    return secure_sha256_hex(text_of(text), hex);
}

static bool board_lock(int fd) {
    for (int i = 0; i < BOARD_LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        time_sleep_ms(BOARD_LOCK_PAUSE_MS);
    }
    return false;
}

/* Ours alone to write, and no link to something else. */
static bool board_is_ours(int fd, off_t *ret_size) {
    struct stat st;
    bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
                st.st_nlink == 1 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    *ret_size = ours ? st.st_size : 0;
    return ours;
}

static bool board_map(struct board *board, int fd) {
    struct board_sheet *sheet =
        mmap(NULL, sizeof(*sheet), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (sheet == MAP_FAILED)
        return false;
    board->sheet = sheet;
    board->fd = fd;
    return true;
}

static void board_unmap(struct board *board) {
    munmap(board->sheet, sizeof(*board->sheet));
    board->sheet = NULL;
}

/* An empty file becomes a board. Its room is taken at once: a full disk must not end us later. */
static bool board_make(struct board *board, int fd, const char *identity) {
    if (posix_fallocate(fd, 0, sizeof(struct board_sheet)) != 0 || !board_map(board, fd))
        return false;
    struct board_sheet *sheet = board->sheet;
    for (size_t i = 0; i < BOARD_WORKERS_MAX; i++)
        atomic_store(&sheet->rows[i].pool, -1);
    if (secure_random(sheet->salt, sizeof(sheet->salt)) != ERR_OK) {
        board_unmap(board);
        return false;
    }
    memcpy(sheet->identity, identity, sizeof(sheet->identity));
    return true;
}

enum board_found { BOARD_FITS, BOARD_FOREIGN, BOARD_USELESS };

/* The file behind fd, locked: taken as it is, made, or left for a new one. */
static enum board_found board_take(struct board *board, int fd, const char *identity) {
    off_t size;
    if (!board_is_ours(fd, &size))
        return BOARD_USELESS;
    if (size == 0)
        return board_make(board, fd, identity) ? BOARD_FITS : BOARD_USELESS;
    if (size != sizeof(struct board_sheet))
        return BOARD_FOREIGN;
    if (!board_map(board, fd))
        return BOARD_USELESS;
    if (memcmp(board->sheet->identity, identity, sizeof(board->sheet->identity)) == 0)
        return BOARD_FITS;
    board_unmap(board);
    return BOARD_FOREIGN;
}

/* Those who still use a foreign one keep it until they end; its name is free for a new one. */
static bool board_open_file(struct board *board, const char *run_dir, const char *identity) {
    char path[BOARD_NAME_MAX];
    if (snprintf(path, sizeof(path), "%s/agnostic-api.board", run_dir) >= (int)sizeof(path))
        return false;
    for (int i = 0; i < BOARD_TRIES; i++) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return false;
        enum board_found found = board_lock(fd) ? board_take(board, fd, identity) : BOARD_USELESS;
        if (found == BOARD_FOREIGN)
            unlink(path);
        flock(fd, LOCK_UN);
        if (found == BOARD_FITS)
            return true;
        close(fd);
        if (found == BOARD_USELESS)
            return false;
    }
    return false;
}

static bool board_open_memory(struct board *board, const char *identity) {
    int fd = memfd_create("agnostic-api.board", MFD_CLOEXEC);
    if (fd >= 0 && board_make(board, fd, identity))
        return true;
    if (fd >= 0)
        close(fd);
    return false;
}

struct board *board_open(const char *run_dir, const char *identity) {
    struct board *board = calloc(1, sizeof(*board));
    char hex[SECURE_HEX_SIZE];
    if (board == NULL || board_identity(identity, hex) != ERR_OK) {
        free(board);
        return NULL;
    }
    board->row = -1;
    board->shared = run_dir != NULL && board_open_file(board, run_dir, hex);
    if (!board->shared && !board_open_memory(board, hex)) {
        free(board);
        return NULL;
    }
    return board;
}

void board_close(struct board *board) {
    if (board == NULL)
        return;
    board_unmap(board);
    close(board->fd);
    free(board);
}

bool board_is_shared(const struct board *board) {
    return board->shared;
}

/* --- workers ------------------------------------------------------------------------- */

static struct flock board_byte(size_t row, short type) {
    size_t at = offsetof(struct board_sheet, rows) + row * sizeof(struct board_row);
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)at, .l_len = 1};
}

/* Does a process live that has this row? A lock of one's own is not told of. */
static bool board_lives(const struct board *board, int row) {
    struct flock lock = board_byte((size_t)row, F_WRLCK);
    return row == board->row || (fcntl(board->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK);
}

void board_join(struct board *board, int64_t pool) {
    board->row = -1;
    for (int row = 0; row < BOARD_WORKERS_MAX; row++) {
        struct flock lock = board_byte((size_t)row, F_WRLCK);
        if (fcntl(board->fd, F_SETLK, &lock) != 0)
            continue;
        atomic_store(&board->sheet->rows[row].waiting, 0);
        atomic_store(&board->sheet->rows[row].pool, pool);
        board->row = row;
        return;
    }
}

static int64_t board_crew(const struct board *board, bool waiting) {
    int64_t count = 0;
    if (board->row < 0)
        return 0;
    int64_t pool = atomic_load(&board->sheet->rows[board->row].pool);
    for (int row = 0; row < BOARD_WORKERS_MAX; row++) {
        struct board_row *other = &board->sheet->rows[row];
        if (atomic_load(&other->pool) == pool && (!waiting || atomic_load(&other->waiting) != 0) &&
            board_lives(board, row))
            count++;
    }
    return count;
}

int64_t board_waiting(const struct board *board) {
    return board_crew(board, true);
}

int64_t board_workers(const struct board *board) {
    return board_crew(board, false);
}

/* Seat taken first, counted then: of two that come together both may be turned away, but never are
 * both let in over the limit. */
bool board_wait_begin(struct board *board) {
    if (board->row < 0)
        return false;
    atomic_store(&board->sheet->rows[board->row].waiting, 1);
    if (board_waiting(board) * BOARD_WAITING_PART <= board_workers(board))
        return true;
    board_wait_end(board);
    return false;
}

void board_wait_end(struct board *board) {
    if (board->row >= 0)
        atomic_store(&board->sheet->rows[board->row].waiting, 0);
}

/* --- requests ------------------------------------------------------------------------ */

void board_count(struct board *board, size_t route, size_t code, int64_t us) {
    size_t span = 0;
    if (route >= BOARD_ROUTES_MAX || code >= BOARD_CODES_MAX || us < 0)
        return;
    while (span < BOARD_SPANS - 1 && us > BOARD_SPANS_US[span])
        span++;
    atomic_fetch_add_explicit(&board->sheet->requests[route][code], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&board->sheet->spans[route][span], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&board->sheet->span_us[route], (uint64_t)us, memory_order_relaxed);
}

uint64_t board_requests(const struct board *board, size_t route, size_t code) {
    return atomic_load(&board->sheet->requests[route][code]);
}

uint64_t board_span(const struct board *board, size_t route, size_t span) {
    return atomic_load(&board->sheet->spans[route][span]);
}

uint64_t board_span_us(const struct board *board, size_t route) {
    return atomic_load(&board->sheet->span_us[route]);
}

/* --- addresses ----------------------------------------------------------------------- */

static void board_add(_Atomic uint64_t *counter, uint32_t minute) {
    uint64_t old = atomic_load(counter), fresh = (uint64_t)minute << 32 | 1;
    while (!atomic_compare_exchange_weak(counter, &old,
                                         old >> 32 != minute           ? fresh
                                         : (uint32_t)old == UINT32_MAX ? old
                                                                       : old + 1)) {
    }
}

static uint32_t board_got(const _Atomic uint64_t *counter, uint32_t minute) {
    uint64_t now = atomic_load(counter);
    return now >> 32 == minute ? (uint32_t)now : 0;
}

/* Where an address is counted in each row of the sketch. False: nothing can be said. */
static bool board_places(const struct board *board, const struct addr *address,
                         uint32_t places[static BOARD_FAILURE_ROWS]) {
    unsigned char text[sizeof(board->sheet->salt) + 1 + sizeof(address->bytes)] = {0};
    unsigned char digest[SECURE_SHA256_BYTES];
    memcpy(text, board->sheet->salt, sizeof(board->sheet->salt));
    text[sizeof(board->sheet->salt)] = address->v6;
    memcpy(text + sizeof(board->sheet->salt) + 1, address->bytes, address->v6 ? 16 : 4);
    if (secure_sha256(text_make((const char *)text, sizeof(text)), digest) != ERR_OK)
        return false;
    memcpy(places, digest, BOARD_FAILURE_ROWS * sizeof(places[0]));
    for (size_t i = 0; i < BOARD_FAILURE_ROWS; i++)
        places[i] %= BOARD_FAILURES;
    return true;
}

void board_fail(struct board *board, const struct addr *address, uint32_t minute) {
    uint32_t places[BOARD_FAILURE_ROWS];
    board_add(&board->sheet->failures_all, minute);
    if (!board_places(board, address, places))
        return;
    for (size_t i = 0; i < BOARD_FAILURE_ROWS; i++)
        board_add(&board->sheet->failures[i][places[i]], minute);
}

/* Most of the time nobody fails, and nothing needs to be hashed. */
uint32_t board_failures(const struct board *board, const struct addr *address, uint32_t minute) {
    uint32_t places[BOARD_FAILURE_ROWS];
    uint32_t least = board_got(&board->sheet->failures_all, minute);
    if (least == 0 || !board_places(board, address, places))
        return least;
    for (size_t i = 0; i < BOARD_FAILURE_ROWS; i++) {
        uint32_t n = board_got(&board->sheet->failures[i][places[i]], minute);
        least = n < least ? n : least;
    }
    return least;
}

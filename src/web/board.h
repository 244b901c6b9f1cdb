/* board: what the workers of one host know together: who of them waits, how requests ended, who
 * failed to authenticate. One file in AGNOSTIC_RUN_DIR that all of them map; where that cannot be,
 * memory that one supervisor's workers share.
 *
 * Everything on it is changed by one atomic step, and a worker's row is its own by a lock that the
 * kernel drops when it dies: it may be killed at any point. Whoever may write the file is trusted
 * to count; nothing read from it is an index, a length or a pointer. */
#ifndef AGNOSTIC_WEB_BOARD_H
#define AGNOSTIC_WEB_BOARD_H

#include <stdatomic.h>

#include "agnostic/base/addr.h"
#include "agnostic/base/err.h"

enum {
    BOARD_WORKERS_MAX = 1024,
    BOARD_ROUTES_MAX = 64,
    BOARD_CODES_MAX = 32,
    BOARD_SPANS = 12,       /* of request durations; the last is open */
    BOARD_FAILURES = 8192,  /* counters a row of the sketch */
    BOARD_FAILURE_ROWS = 2, /* rows of the sketch */
    BOARD_WAITING_PART = 4  /* one in so many workers may wait */
};
/* Upper bounds of the spans, in microseconds. */
extern const int64_t BOARD_SPANS_US[BOARD_SPANS - 1];

/* board_open(run_dir, identity): the board of this host, made when there is none; one that another
 * version left, told by another identity, is replaced. Never NULL but for want of memory. A folder
 * that is missing or not ours to write means memory instead. */
struct board *board_open(const char *run_dir, const char *identity);
void board_close(struct board *board);
/* board_is_shared(board): is it the host's, not only this supervisor's? */
bool board_is_shared(const struct board *board);

/* --- workers ------------------------------------------------------------------------- */

/* board_join(board, pool): this process is a worker from now on, of the pool with that number (its
 * supervisor's pid; 0: all that no supervisor started). Without a free row it only cannot wait. */
void board_join(struct board *board, int64_t pool);
/* board_wait_begin(board): may this worker wait for news now? Never more than one in
 * BOARD_WAITING_PART of its pool do. True must be followed by board_wait_end. */
bool board_wait_begin(struct board *board);
void board_wait_end(struct board *board);
/* board_waiting(board), board_workers(board): of this worker's pool. */
int64_t board_waiting(const struct board *board);
int64_t board_workers(const struct board *board);

/* --- requests ------------------------------------------------------------------------ */

/* board_count(board, route, code, us): a request was answered. route < BOARD_ROUTES_MAX and code <
 * BOARD_CODES_MAX are the caller's own numbers; beyond them nothing is counted. */
void board_count(struct board *board, size_t route, size_t code, int64_t us);
uint64_t board_requests(const struct board *board, size_t route, size_t code);
/* board_span(board, route, span): requests that took so long; not cumulative. */
uint64_t board_span(const struct board *board, size_t route, size_t span);
uint64_t board_span_us(const struct board *board, size_t route); /* all together */

/* --- addresses ----------------------------------------------------------------------- */

/* board_fail(board, address, minute): an authentication from there failed. board_failures: how many
 * did in that minute, perhaps a few too many (a count-min sketch, Cormode and Muthukrishnan 2005),
 * never too few: no flood of addresses makes it forget one. */
void board_fail(struct board *board, const struct addr *address, uint32_t minute);
uint32_t board_failures(const struct board *board, const struct addr *address, uint32_t minute);

#endif

/* metrics: what /api/metrics tells. Requests are counted on the host's board; tasks where their
 * state changes, in Redis. */
#ifndef AGNOSTIC_WEB_METRICS_H
#define AGNOSTIC_WEB_METRICS_H

#include "web/board.h"
#include "web/route.h"

/* metrics_board(run_dir): the board on which this program's routes are counted; as board_open. */
struct board *metrics_board(const char *run_dir);
/* metrics_request(board, route, status, us): a request was answered; route NULL: none fitted. */
void metrics_request(struct board *board, const struct route *route, int status, int64_t us);

#endif

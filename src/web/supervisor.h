/* supervisor: keeps N workers alive on one listening socket.
 *
 *   TERM, INT   stop: workers answer what they have in hand; after AGNOSTIC_DRAIN_MS the rest
 *               is killed
 *   HUP         read the settings again; if they are good, a new generation of workers takes
 *               over and the old one ends as on TERM; if not, all stays as it was
 *
 * The socket stays open all the time, so a replaced or dead worker loses no connection. */
#ifndef AGNOSTIC_WEB_SUPERVISOR_H
#define AGNOSTIC_WEB_SUPERVISOR_H

#include "agnostic/base/settings.h"
#include "web/board.h"

enum { SUPERVISOR_WORKERS_MAX = 512 };

/* supervisor_run(settings, board, workers): takes settings over (frees them). Returns the exit
 * status; in the processes it forks it does not return. */
int supervisor_run(struct settings *settings, struct board *board, int workers);

#endif

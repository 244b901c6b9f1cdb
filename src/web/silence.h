/* silence: ends the wait for a peer that stays silent, by closing its connection under the wait.
 *
 * Not SO_RCVTIMEO: with it Linux fails a wait with EINTR when the process is stopped and continued
 * (signal(7)), which libfcgi takes for the end of the request. A timer of our own leaves waits to
 * be restarted, and can tell a silent peer from a process that was itself not running. */
#ifndef AGNOSTIC_WEB_SILENCE_H
#define AGNOSTIC_WEB_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "agnostic/base/err.h"

enum silence_side { SILENCE_READING, SILENCE_WRITING };

/* silence_open(limit_ms): once per process, after fork. Takes SIGALRM. ERR_IO: no timer. */
enum err silence_open(int64_t limit_ms);
/* silence_watch(fd, side): from now on, whenever limit_ms went by and then there is nothing to be
 * read from fd (no room to write to it), its connection ends for that side: reads return 0, writes
 * fail. Replaces the watch before. */
void silence_watch(int fd, enum silence_side side);
/* silence_rest(): watches nothing. */
void silence_rest(void);

#endif

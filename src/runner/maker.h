/* maker: whose is this? What slots make for an agent bears their pid in its name, so that what a
 * killed one left can be told apart. */
#ifndef AGNOSTIC_RUNNER_MAKER_H
#define AGNOSTIC_RUNNER_MAKER_H

#include <stdbool.h>

/* maker_is_gone(name, kind): is name "<kind>-<pid>-…", of a process that is no more? */
bool maker_is_gone(const char *name, const char *kind);

#endif

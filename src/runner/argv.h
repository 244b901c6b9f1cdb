/* argv: an agent's command line, its places filled in. Never a shell line: one string of
 * the manifest is one argument, whatever the values hold. */
#ifndef AGNOSTIC_RUNNER_ARGV_H
#define AGNOSTIC_RUNNER_ARGV_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

enum { ARGV_BYTES_MAX = 65536 };

/* What the places stand for; NULL: not known for this task. */
struct argv_values {
    const char *target_url, *target_host, *target_port, *workdir;
};

/* argv_is_known(argument, &unknown): does it hold only places that exist? {target.url},
 * {target.host}, {target.port}, {workdir}. Other braces are plain text. */
bool argv_is_known(const char *argument, struct text *ret_unknown);
/* argv_wants_target(argument): does it hold a {target.…} place? */
bool argv_wants_target(const char *argument);
/* argv_put(argument, values, buf, &fault): appends the filled-in argument and a NUL to buf.
 * ERR_REFUSED: a value starts with '-' (it would be read as an option). ERR_NOT_AVAILABLE: a
 * value is not known. */
enum err argv_put(const char *argument, const struct argv_values *values, struct buf *buf,
                  struct fault *ret_fault);

#endif

/* file: small files, read whole. */
#ifndef AGNOSTIC_BASE_FILE_H
#define AGNOSTIC_BASE_FILE_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

/* file_read(path, text, &fault): appends all of it. ERR_IO, ERR_TOO_LARGE (more than text may
 * hold); fault names path and why. */
enum err file_read(const char *path, struct buf *text, struct fault *ret_fault);
/* file_is_closed(path, &fault): ERR_OK for a file that nobody but its owner may use. ERR_CONFIG: it
 * is open to others, or none; fault names path and why. */
enum err file_is_closed(const char *path, struct fault *ret_fault);

#endif

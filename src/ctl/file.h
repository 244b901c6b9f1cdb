/* file: files that a command is given. */
#ifndef CTL_FILE_H
#define CTL_FILE_H

#include "agnostic/base/buf.h"

/* file_given(path, text): appends all of it. CTL_OK, else the exit status once stderr says why. */
int file_given(const char *path, struct buf *text);

#endif

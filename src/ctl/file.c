/* Reads a file whole, up to a buffer's ceiling. */
#include "ctl/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/command.h"

int file_read(const char *path, struct buf *text) {
    char chunk[4096];
    FILE *file = fopen(path, "re");
    size_t got = 1;
    while (file != NULL && got > 0 && !text->failed) {
        got = fread(chunk, 1, sizeof(chunk), file);
        buf_put(text, chunk, got);
    }
    bool whole = file != NULL && !ferror(file) && !text->failed;
    if (!whole)
        fprintf(stderr, "agnosticctl: %s: %s\n", path,
                text->failed ? "it is too long" : strerror(errno));
    if (file != NULL)
        fclose(file);
    return whole ? CTL_OK : err_exit(ERR_IO);
}

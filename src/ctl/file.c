/* Says on stderr why a file cannot be read. */
#include "ctl/file.h"

#include <stdio.h>

#include "agnostic/base/file.h"
#include "ctl/command.h"

int file_given(const char *path, struct buf *text) {
    struct fault fault = {0};
    if (file_read(path, text, &fault) == ERR_OK)
        return CTL_OK;
    fprintf(stderr, "agnosticctl: %s\n", fault.text);
    return err_exit(ERR_IO);
}

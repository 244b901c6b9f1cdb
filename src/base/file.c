/* Reads a file whole, up to a buffer's ceiling. */
#include "agnostic/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum err file_read(const char *path, struct buf *text, struct fault *ret_fault) {
    char chunk[4096];
    FILE *file = fopen(path, "re");
    size_t got = 1;
    while (file != NULL && got > 0 && !text->failed) {
        got = fread(chunk, 1, sizeof(chunk), file);
        buf_put(text, chunk, got);
    }
    bool whole = file != NULL && !ferror(file);
    int why = errno;
    if (file != NULL)
        fclose(file);
    if (!whole)
        return fault_set(ret_fault, ERR_IO, "%.300s: %s", path, strerror(why));
    return text->failed ? fault_set(ret_fault, ERR_TOO_LARGE, "%.300s: it is too long", path)
                        : ERR_OK;
}

enum err file_is_closed(const char *path, struct fault *ret_fault) {
    struct stat st;
    if (stat(path, &st) != 0)
        return fault_set(ret_fault, ERR_CONFIG, "%.300s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fault_set(ret_fault, ERR_CONFIG, "%.300s is no file", path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fault_set(ret_fault, ERR_CONFIG, "%.300s: others may use it: chmod 600", path);
    return ERR_OK;
}

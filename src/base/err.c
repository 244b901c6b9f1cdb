/* err: the table of include/agnostic/base/err.h, looked up. */
#include "agnostic/base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *word;
    int status;
    int exit_status;
    const char *text;
} rows[] = {
#define X(code, word, status, exit_status, text) [ERR_##code] = {word, status, exit_status, text},
    ERR_TABLE(X)
#undef X
};

/* A code from outside the table is a fault of ours, whatever it was. */
static enum err known(enum err err) {
    return (unsigned)err < ERR__COUNT ? err : ERR_INTERNAL;
}

const char *err_word(enum err err) {
    return rows[known(err)].word;
}

int err_status(enum err err) {
    return rows[known(err)].status;
}

int err_exit(enum err err) {
    return rows[known(err)].exit_status;
}

const char *err_text(enum err err) {
    return rows[known(err)].text;
}

enum err fault_set(struct fault *fault, enum err err, const char *format, ...) {
    if (fault == NULL)
        return err;
    va_list args;
    va_start(args, format);
    fault->err = err;
    if (vsnprintf(fault->text, sizeof(fault->text), format, args) < 0)
        fault->text[0] = '\0';
    va_end(args);
    return err;
}

/* command: one Redis command while it is put together. Arguments are bytes with lengths, never
 * formatted text. What does not fit makes it `failed` (sticky); it is then never sent. */
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include "agnostic/base/text.h"

enum {
    COMMAND_ARGS_MAX = 128,
    COMMAND_ROOM = 2048 /* bytes, for the arguments made here: keys and numbers */
};

struct command {
    struct text args[COMMAND_ARGS_MAX];
    size_t count;
    char room[COMMAND_ROOM];
    size_t used;
    bool failed;
};

/* command_init(command, name): name lives at least as long as the command. */
void command_init(struct command *command, const char *name);
/* A key or other short argument, formatted and kept in the command. */
void command_printf(struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Borrowed until the command was called. */
void command_text(struct command *command, struct text t);
void command_str(struct command *command, const char *string);
void command_int(struct command *command, int64_t n);

#endif

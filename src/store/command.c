/* command: collects the arguments of one Redis command. Knows no connection. */
#include "store/command.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void command_init(struct command *command, const char *name) {
    command->count = 0;
    command->used = 0;
    command->failed = false;
    command_str(command, name);
}

void command_text(struct command *command, struct text t) {
    if (command->count == COMMAND_ARGS_MAX) {
        command->failed = true;
        return;
    }
    command->args[command->count++] = t.ptr != NULL ? t : TEXT("");
}

void command_str(struct command *command, const char *string) {
    command_text(command, text_of(string));
}

void command_printf(struct command *command, const char *format, ...) {
    size_t left = COMMAND_ROOM - command->used;
    char *place = command->room + command->used;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(place, left, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= left) {
        command->failed = true;
        return;
    }
    command->used += (size_t)len + 1;
    command_text(command, text_make(place, (size_t)len));
}

void command_int(struct command *command, int64_t n) {
    command_printf(command, "%" PRId64, n);
}

/* Quoting. Runs nothing. */
#include "agents/shell.h"

void shell_quote(struct buf *buf, const char *word) {
    buf_putc(buf, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            buf_puts(buf, "'\\''");
        else
            buf_putc(buf, *word);
    }
    buf_putc(buf, '\'');
}

void shell_many(struct buf *buf, char c, size_t count) {
    buf_printf(buf, "$(head -c %zu /dev/zero | tr '\\0' %c)", count, c);
}

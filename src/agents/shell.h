/* shell: words as a POSIX shell reads them. */
#ifndef AGENTS_SHELL_H
#define AGENTS_SHELL_H

#include "agnostic/base/buf.h"

/* shell_quote(buf, word): one word, whatever it holds. */
void shell_quote(struct buf *buf, const char *word);
/* shell_many(buf, c, count): inside of double quotes: that character count times. */
void shell_many(struct buf *buf, char c, size_t count);

#endif

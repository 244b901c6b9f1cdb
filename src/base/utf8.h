/* utf8: one step of a strict UTF-8 reader (Unicode table 3-7), shared by text and json. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* utf8_step(p, len): bytes of the well-formed code point at p (1 to 4), or 0 when the
 * len bytes there do not start with one (overlong, surrogate, truncated, stray). */
size_t utf8_step(const char *p, size_t len);

#endif

/* error_sign: what errors look like that were meant for developers: stack traces, messages of
 * databases. */
#ifndef AGENTS_ERROR_SIGN_H
#define AGENTS_ERROR_SIGN_H

#include "agnostic/base/text.h"

/* error_sign_find(body, is_page): "a stack trace of Python", or NULL. is_page: body is of a page
 * that was found, where only what no page would write in its own markup counts. */
const char *error_sign_find(struct text body, bool is_page);
/* error_sign_of_database(body): does it hold an error of a database? */
bool error_sign_of_database(struct text body);

#endif

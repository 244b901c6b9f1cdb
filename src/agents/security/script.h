/* script: comments of JavaScript. Pure. */
#ifndef AGENTS_SECURITY_SCRIPT_H
#define AGENTS_SECURITY_SCRIPT_H

#include "agnostic/base/text.h"

/* script_comment(&rest, &comment): the text of the next comment; false when there is none. Strings
 * are told apart; a regular expression with a quote in it may hide comments up to its line's end.
 */
bool script_comment(struct text *rest, struct text *ret_comment);

#endif

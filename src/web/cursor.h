/* cursor: a place in a list as clients carry it about. */
#ifndef AGNOSTIC_WEB_CURSOR_H
#define AGNOSTIC_WEB_CURSOR_H

#include "agnostic/store/task_view.h"

enum { CURSOR_SIZE = 48 };
#define CURSOR_NUMBER_MAX 253402300799999 /* what Redis counts without loss */

void cursor_put(const struct task_list_place *place, char dst[static CURSOR_SIZE]);
/* cursor_read(text, &place): false when cursor_put has not written it. */
bool cursor_read(struct text text, struct task_list_place *ret_place);

#endif

/* check_list: the checks that exist, by their ids: what the agents' own tables print
 * (agnostic-agent --list --json), one JSON object a line. Nothing of it comes from a target. */
#ifndef AGNOSTIC_TASK_CHECK_LIST_H
#define AGNOSTIC_TASK_CHECK_LIST_H

#include "agnostic/base/err.h"
#include "agnostic/task/cvss.h"

enum { CHECK_LIST_MAX = 1024, CHECK_LIST_ID_MAX_BYTES = 32 };

struct check_list;

/* check_list_read(lines, &list): ERR_SYNTAX: a line is no such object, an id stands there twice,
 * there is none, or there are too many. ERR_NOMEM. The caller frees with check_list_free. */
enum err check_list_read(struct text lines, struct check_list **ret_list);
void check_list_free(struct check_list *list); /* NULL is fine */

size_t check_list_count(const struct check_list *list);
const char *check_list_id(const struct check_list *list, size_t index);
/* check_list_title(list, index, severity): of its variant of that severity, else of its gravest. */
const char *check_list_title(const struct check_list *list, size_t index, enum severity severity);
bool check_list_find(const struct check_list *list, struct text id, size_t *ret_index);
/* check_list_begins(list, start): does an id begin like that? */
bool check_list_begins(const struct check_list *list, struct text start);

#endif

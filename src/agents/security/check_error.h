/* check_error: what is known of the words of errors. */
#ifndef AGENTS_SECURITY_CHECK_ERROR_H
#define AGENTS_SECURITY_CHECK_ERROR_H

#include "agnostic/base/text.h"

/* check_error_of_database(body): does it hold an error of a database? */
bool check_error_of_database(struct text body);

#endif

/* report: a finished task in one of the service's forms, to a file or to standard output. */
#ifndef CTL_REPORT_H
#define CTL_REPORT_H

#include "ctl/client.h"

/* report_check(format, output): is format (NULL: none) one that the service knows, and output
 * (NULL: none) given only beside one? CTL_OK, or CTL_USAGE once stderr says no. */
int report_check(const char *format, const char *output);
/* report_save(client, id, format, output): fetches and writes it; output NULL: standard output.
 * CTL_OK, else the exit status once stderr says why. */
int report_save(struct client *client, const char *id, const char *format, const char *output);

/* report_write_file(text, output): the whole of that file. CTL_OK, else the exit status once stderr
 * says why. */
int report_write_file(struct text text, const char *output);
/* report_keep(text, output): writes what was fetched there; NULL: to standard output. CTL_OK, else
 * the exit status once stderr says why. */
int report_keep(struct text text, const char *output);

#endif

/* program: where an executable named in a manifest really is. */
#ifndef AGNOSTIC_RUNNER_PROGRAM_H
#define AGNOSTIC_RUNNER_PROGRAM_H

#include <limits.h>

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* program_own_folder(dst): the folder of the running program, without a slash at its end. */
enum err program_own_folder(char dst[static PATH_MAX]);
/* program_find(name, folder, dst): the absolute path of the executable `name`. With a slash
 * in it: as it is, or relative to folder (the manifest's). Without: beside our own program,
 * then in folder, then in PATH. false when there is no such executable. */
bool program_find(const char *name, const char *folder, char dst[static PATH_MAX]);
/* program_in_path(name): is there an executable of that name in PATH? */
bool program_in_path(const char *name);

#endif

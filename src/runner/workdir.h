/* workdir: private folders for agents, under AGNOSTIC_RUN_DIR. */
#ifndef AGNOSTIC_RUNNER_WORKDIR_H
#define AGNOSTIC_RUNNER_WORKDIR_H

#include <limits.h>

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* workdir_prepare(root, &fault): makes root (0700) if it is missing and sees that folders can
 * be made in it. ERR_CONFIG names AGNOSTIC_RUN_DIR. */
enum err workdir_prepare(const char *root, struct fault *ret_fault);
/* workdir_make(root, dst, &fault): a new empty folder (0700) under root; dst is its path. */
enum err workdir_make(const char *root, char dst[static PATH_MAX], struct fault *ret_fault);
/* workdir_put(path, name, bytes, &fault): a new file in such a folder. ERR_IO names
 * AGNOSTIC_RUN_DIR. */
enum err workdir_put(const char *path, const char *name, struct text bytes,
                     struct fault *ret_fault);
/* workdir_get(path, name, dst): a plain file of such a folder, whatever its agent made of it.
 * ERR_IO: there is none, or it is a link or a device; ERR_TOO_LARGE: more than dst->max bytes. */
enum err workdir_get(const char *path, const char *name, struct buf *dst);
/* workdir_remove(path): the folder with all in it, never following a link. ERR_IO when
 * something is left. */
enum err workdir_remove(const char *path);
/* workdir_sweep(root): removes the folders whose makers no longer live. */
void workdir_sweep(const char *root);

#endif

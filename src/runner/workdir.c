/* Makes and removes the folders agents work in. What stands in them is hostile: links are
 * removed, not followed. */
#include "runner/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/maker.h"

enum err workdir_prepare(const char *root, struct fault *ret_fault) {
    if (mkdir(root, 0700) != 0 && errno != EEXIST) {
        return fault_set(ret_fault, ERR_CONFIG,
                         "AGNOSTIC_RUN_DIR: %s cannot be made: %s; name a folder that this user "
                         "may write",
                         root, strerror(errno));
    }
    struct stat st;
    if (stat(root, &st) != 0 || !S_ISDIR(st.st_mode) || access(root, W_OK | X_OK) != 0) {
        return fault_set(ret_fault, ERR_CONFIG,
                         "AGNOSTIC_RUN_DIR: %s is not a folder that this user may write", root);
    }
    return ERR_OK;
}

enum err workdir_make(const char *root, char dst[static PATH_MAX], struct fault *ret_fault) {
    int len = snprintf(dst, PATH_MAX, "%s/work-%ld-XXXXXX", root, (long)getpid());
    if (len < 0 || len >= PATH_MAX || !mkdtemp(dst)) {
        dst[0] = '\0';
        return fault_set(ret_fault, ERR_IO, "AGNOSTIC_RUN_DIR: no work folder in %.300s: %s", root,
                         strerror(errno));
    }
    return ERR_OK;
}

static bool write_all(int fd, struct text bytes) {
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        bytes = n > 0 ? text_make(bytes.ptr + n, bytes.len - (size_t)n) : bytes;
    }
    return true;
}

enum err workdir_put(const char *path, const char *name, struct text bytes,
                     struct fault *ret_fault) {
    char file[PATH_MAX];
    int len = snprintf(file, sizeof(file), "%s/%s", path, name);
    int fd = len < 0 || len >= PATH_MAX
                 ? -1
                 : open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool put = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0) {
        put = close(fd) == 0 && put;
    }
    if (!put) {
        return fault_set(ret_fault, ERR_IO, "AGNOSTIC_RUN_DIR: %.300s cannot be written: %s", file,
                         strerror(errno));
    }
    return ERR_OK;
}

static enum err read_all(int fd, struct buf *dst) {
    for (;;) {
        char chunk[65536];
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n == 0) {
            return ERR_OK;
        }
        if (n < 0 && errno != EINTR) {
            return ERR_IO;
        }
        buf_put(dst, chunk, n > 0 ? (size_t)n : 0);
        if (dst->failed) {
            return ERR_TOO_LARGE;
        }
    }
}

enum err workdir_get(const char *path, const char *name, struct buf *dst) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    enum err err = ERR_IO;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1) {
        err = read_all(fd, dst);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (folder >= 0) {
        close(folder);
    }
    return err;
}

/* --- removing ------------------------------------------------------------------------ */

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Opens a folder that its agent may have locked. */
static DIR *open_folder(int at, const char *name) {
    (void)!fchmodat(at, name, 0700, 0); /* what then fails says so */
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (fd >= 0 && !folder) {
        close(fd);
    }
    return folder;
}

/* Removes a folder, known to be one, from `at`; what is not empty in it moves up to `top`, where
 * its turn comes: so no depth needs a longer path, more descriptors or more stack. */
static void remove_folder(int at, const char *name, int top, unsigned *moved) {
    DIR *folder = open_folder(at, name);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        int fd = dirfd(folder);
        if (is_dots(entry->d_name) || unlinkat(fd, entry->d_name, 0) == 0 ||
            unlinkat(fd, entry->d_name, AT_REMOVEDIR) == 0) {
            continue;
        }
        char up[32];
        (void)!fchmodat(fd, entry->d_name, 0700, 0); /* moving it changes it */
        do {
            snprintf(up, sizeof(up), "%u", (*moved)++);
        } while (renameat(fd, entry->d_name, top, up) != 0 &&
                 (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR));
    }
    if (folder) {
        closedir(folder);
    }
    unlinkat(at, name, AT_REMOVEDIR);
}

/* One pass; how many entries went. */
static size_t remove_entries(DIR *top, unsigned *moved) {
    struct dirent *entry;
    size_t gone = 0;
    rewinddir(top);
    while ((entry = readdir(top))) {
        int fd = dirfd(top);
        if (is_dots(entry->d_name)) {
            continue;
        }
        if (unlinkat(fd, entry->d_name, 0) != 0) {
            remove_folder(fd, entry->d_name, fd, moved);
        }
        gone += faccessat(fd, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    }
    return gone;
}

enum err workdir_remove(const char *path) {
    unsigned moved = 0;
    DIR *top = open_folder(AT_FDCWD, path);
    while (top && remove_entries(top, &moved) > 0) {
    }
    if (top) {
        closedir(top);
    }
    return rmdir(path) == 0 || errno == ENOENT ? ERR_OK : ERR_IO;
}

/* --- what was left behind ------------------------------------------------------------ */

void workdir_sweep(const char *root) {
    DIR *folder = opendir(root);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char path[PATH_MAX];
        int len = snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
        if (len > 0 && len < PATH_MAX && maker_is_gone(entry->d_name, "work")) {
            workdir_remove(path);
        }
    }
    if (folder) {
        closedir(folder);
    }
}

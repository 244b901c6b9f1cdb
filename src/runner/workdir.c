/* Makes and removes the folders agents work in. What stands in them is hostile: links are
 * removed, not followed. */
#include "runner/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agnostic/base/text.h"

enum { WORKDIR_OPEN_MAX = 16 };

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

/* The maker's pid stands in the name, so that what a killed process left can be told apart. */
enum err workdir_make(const char *root, char dst[static PATH_MAX], struct fault *ret_fault) {
    int len = snprintf(dst, PATH_MAX, "%s/work-%ld-XXXXXX", root, (long)getpid());
    if (len < 0 || len >= PATH_MAX || !mkdtemp(dst)) {
        dst[0] = '\0';
        return fault_set(ret_fault, ERR_IO, "AGNOSTIC_RUN_DIR: no work folder in %.300s: %s", root,
                         strerror(errno));
    }
    return ERR_OK;
}

/* An agent may have locked its own folders. */
static int unlock_one(const char *path, const struct stat *st, int type, struct FTW *where) {
    (void)st;
    (void)where;
    if (type == FTW_D || type == FTW_DNR) {
        chmod(path, 0700);
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where) {
    (void)st;
    (void)type;
    (void)where;
    remove(path);
    return 0;
}

enum err workdir_remove(const char *path) {
    nftw(path, remove_one, WORKDIR_OPEN_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    if (access(path, F_OK) != 0) {
        return ERR_OK;
    }
    nftw(path, unlock_one, WORKDIR_OPEN_MAX, FTW_PHYS | FTW_MOUNT);
    nftw(path, remove_one, WORKDIR_OPEN_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    return access(path, F_OK) == 0 ? ERR_IO : ERR_OK;
}

/* "work-<pid>-xxxxxx" of a process that is no more. */
static bool is_left_behind(const char *name) {
    struct text rest = text_of(name), part;
    uint64_t pid;
    return text_cut(&rest, '-', &part) && text_is(part, "work") && text_cut(&rest, '-', &part) &&
           text_u64(part, INT32_MAX, &pid) && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void workdir_sweep(const char *root) {
    DIR *folder = opendir(root);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char path[PATH_MAX];
        int len = snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
        if (len > 0 && len < PATH_MAX && is_left_behind(entry->d_name)) {
            workdir_remove(path);
        }
    }
    if (folder) {
        closedir(folder);
    }
}

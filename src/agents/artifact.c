/* Writes a file whole and says so. Knows nothing of what stands in it. */
#include "agents/artifact.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARTIFACT_NOTE_SIZE = 256 };

static bool artifact_write(int fd, struct text bytes) {
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            bytes = text_make(bytes.ptr + n, bytes.len - (size_t)n);
    }
    return true;
}

static bool artifact_store(const char *folder, const char *name, struct text bytes) {
    char path[PATH_MAX];
    int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (len < 0 || len >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool whole = fd >= 0 && artifact_write(fd, bytes);
    return fd >= 0 && close(fd) == 0 && whole;
}

enum err artifact_folder(const char *path, struct fault *ret_fault) {
    if ((mkdir(path, 0777) == 0 || errno == EEXIST) && access(path, W_OK | X_OK) == 0)
        return ERR_OK;
    return fault_set(ret_fault, ERR_IO, "%.200s: %s", path, strerror(errno));
}

void artifact_put(const struct agent *agent, const char *name, const char *media_type,
                  struct text bytes) {
    char note[ARTIFACT_NOTE_SIZE];
    if (agent->task->workdir[0] == '\0')
        return;
    if (artifact_store(agent->task->workdir, name, bytes)) {
        lines_artifact(agent->lines, name, media_type, (int64_t)bytes.len);
        return;
    }
    snprintf(note, sizeof(note), "%s is not written: %s", name, strerror(errno));
    lines_log(agent->lines, "warn", note);
}

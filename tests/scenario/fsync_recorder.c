/* fsync_recorder: preloaded into redis-server, writes down how much of each append-only file is on
 * disk: FILE.synced holds that size (8 bytes, of this machine) after each successful fsync of FILE.
 * What a power loss would leave is FILE cut at it. It models lost tails, not torn or reordered
 * writes. */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void record(int fd, off_t size) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - sizeof ".synced");
    if (len < 4 || memcmp(path + len - 4, ".aof", 4) != 0) {
        return;
    }
    memcpy(path + len, ".synced", sizeof ".synced");
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    uint64_t bytes = (uint64_t)size;
    if (file < 0 || pwrite(file, &bytes, sizeof bytes, 0) != sizeof bytes) {
        fprintf(stderr, "fsync_recorder: cannot write %s\n", path);
    }
    if (file >= 0) {
        close(file);
    }
}

/* What was written before the call is safe after it; what is written meanwhile need not be. */
static int sync_and_record(long call, int fd) {
    struct stat before;
    int known = fstat(fd, &before);
    int failed = (int)syscall(call, fd);
    if (!failed && known == 0) {
        record(fd, before.st_size);
    }
    return failed;
}

int fsync(int fd) {
    return sync_and_record(SYS_fsync, fd);
}

int fdatasync(int fd) {
    return sync_and_record(SYS_fdatasync, fd);
}

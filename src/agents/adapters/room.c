/* Makes and removes the folder of one tool's run. */
#include "agents/adapters/room.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM_CHUNK = 65536, ROOM_OPEN_FOLDERS = 16 };

static bool room_given(const struct agent_task *task, struct room *room) {
    return task->workdir[0] == '/' &&
           text_copy(text_of(task->workdir), room->folder, sizeof(room->folder));
}

enum err room_open(const struct agent_task *task, struct room *ret_room, struct fault *ret_fault) {
    struct room room = {.own = false};
    const char *tmp = getenv("TMPDIR");
    if (!room_given(task, &room)) {
        snprintf(room.folder, sizeof(room.folder), "%s/agnostic-adapter-XXXXXX",
                 tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
        room.own = mkdtemp(room.folder) != NULL;
        if (!room.own)
            return fault_set(ret_fault, ERR_IO, "%.200s: %s", room.folder, strerror(errno));
    }
    int len = snprintf(room.out, sizeof(room.out), "%s/" ROOM_OUT, room.folder);
    if (len >= (int)sizeof(room.out))
        return fault_set(ret_fault, ERR_IO, "The work folder's name is too long");
    *ret_room = room;
    return ERR_OK;
}

enum err room_put(const struct room *room, const char *name, const char *text) {
    char path[PATH_MAX];
    int len = snprintf(path, sizeof(path), "%s/%s", room->folder, name);
    int fd = len < (int)sizeof(path)
                 ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
                 : -1;
    bool whole = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return whole ? ERR_OK : ERR_IO;
}

void room_expect(struct room *room, const char *file, int64_t since_s) {
    if (file[0] == '/')
        text_copy(text_of(file), room->out, sizeof(room->out));
    else
        snprintf(room->out, sizeof(room->out), "%.*s/%s", PATH_MAX / 2, room->folder, file);
    room->other = true;
    room->since_s = since_s;
}

enum err room_read(const struct room *room, struct buf *buf) {
    struct stat st;
    ssize_t got = 0;
    char *space;
    int fd = open(room->out, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return ERR_IO;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_mtime + 1 >= room->since_s;
    bool fits = regular && (uint64_t)st.st_size <= buf->max;
    size_t left = fits ? (size_t)st.st_size : 0;
    while (left > 0 && (space = buf_room(buf, left < ROOM_CHUNK ? left : ROOM_CHUNK)) != NULL &&
           (got = read(fd, space, left < ROOM_CHUNK ? left : ROOM_CHUNK)) > 0) {
        buf_wrote(buf, (size_t)got);
        left -= (size_t)got;
    }
    close(fd);
    if (regular && !fits)
        return ERR_TOO_LARGE;
    return !regular || got < 0 || buf->failed || buf->len == 0 ? ERR_IO : ERR_OK;
}

static int room_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void room_close(struct room *room) {
    if (!room->other)
        unlink(room->out);
    if (room->own)
        nftw(room->folder, room_remove_one, ROOM_OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    room->own = false;
}

/* settings_file: finds the settings file and judges its permissions. Reads no setting. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "base/settings_values.h"

extern char **environ;

enum { FILE_MAX_BYTES = 1 << 20 };

static const char file_name[] = "agnostic.conf";

/* Candidates, in order; each writes a path or returns false when it has none. */
static bool path_named(char dst[static PATH_MAX]) {
    const char *named = getenv("AGNOSTIC_CONFIG");
    if (named == NULL || named[0] == '\0')
        return false;
    snprintf(dst, PATH_MAX, "%s", named); /* too long, and cut: open will say so */
    return true;
}

static bool path_beside_binary(char dst[static PATH_MAX]) {
    char binary[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", binary, sizeof(binary) - 1);
    while (len > 0 && binary[len - 1] != '/')
        len--;
    int wrote = len <= 0 ? -1 : snprintf(dst, PATH_MAX, "%.*s%s", (int)len, binary, file_name);
    return wrote > 0 && wrote < PATH_MAX;
}

static bool path_at_home(char dst[static PATH_MAX]) {
    const char *home = getenv("HOME");
    if (home == NULL || home[0] != '/')
        return false;
    int wrote = snprintf(dst, PATH_MAX, "%s/.config/agnostic/%s", home, file_name);
    return wrote > 0 && wrote < PATH_MAX;
}

static bool path_of_system(char dst[static PATH_MAX]) {
    return snprintf(dst, PATH_MAX, "/etc/agnostic/%s", file_name) > 0;
}

static const struct {
    bool (*path)(char dst[static PATH_MAX]);
    bool must_exist;
    bool may_be_closed; /* HOME may be another user's when a server starts us */
} candidates[] = {
    {path_named, true, false},
    {path_beside_binary, false, false},
    {path_at_home, false, true},
    {path_of_system, false, false},
};

static enum err fail(struct fault *fault, const char *path) {
    return fault_set(fault, ERR_CONFIG, "%.300s: %s", path, strerror(errno));
}

/* open_first(&fd, path, &fault): the first candidate that is there; fd is left alone
 * when none is. */
static enum err open_first(int *ret_fd, char path[static PATH_MAX], struct fault *fault) {
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
        if (!candidates[i].path(path))
            continue;
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd >= 0) {
            *ret_fd = fd;
            return ERR_OK;
        }
        bool absent = errno == ENOENT || errno == ENOTDIR;
        bool passed = absent || (errno == EACCES && candidates[i].may_be_closed);
        if (candidates[i].must_exist || !passed)
            return fail(fault, path);
    }
    return ERR_OK;
}

static enum err read_all(int fd, struct buf *text, const char *path, struct fault *fault) {
    enum { CHUNK = 16384 };
    for (;;) {
        char *room = buf_room(text, CHUNK);
        if (room == NULL)
            return fault_set(fault, ERR_CONFIG, "%.300s: longer than %d bytes", path,
                             FILE_MAX_BYTES);
        ssize_t got = read(fd, room, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(fault, path);
        if (got == 0)
            return ERR_OK;
        buf_wrote(text, (size_t)got);
    }
}

/* Values of the environment that replace a secret do not make the file harmless, so this
 * looks at what the file alone says. */
static enum err check_mode(const struct stat *st, struct text text, const char *path,
                           struct fault *fault) {
    struct settings *alone;
    if ((st->st_mode & (S_IRGRP | S_IROTH)) == 0)
        return ERR_OK;
    enum err err = settings_read(text, path, NULL, &alone, fault);
    if (err != ERR_OK)
        return err;
    for (int id = 0; id < SETTINGS__COUNT && err == ERR_OK; id++)
        if (SETTINGS_ROWS[id].secret && alone->values[id].given &&
            alone->values[id].text[0] != '\0')
            err = fault_set(fault, ERR_CONFIG,
                            "%.300s holds the secret %s and others may read it: chmod 600", path,
                            SETTINGS_ROWS[id].name);
    settings_free(alone);
    return err;
}

static enum err read_and_check(int fd, struct buf *text, const char *path, struct fault *fault) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(fault, path);
    enum err err = read_all(fd, text, path, fault);
    return err == ERR_OK ? check_mode(&st, buf_text(text), path, fault) : err;
}

enum err settings_load(struct settings **ret_settings, struct fault *ret_fault) {
    char path[PATH_MAX] = "";
    struct buf text;
    int fd = -1;
    buf_init(&text, FILE_MAX_BYTES);
    enum err err = open_first(&fd, path, ret_fault);
    if (err == ERR_OK && fd >= 0) {
        err = read_and_check(fd, &text, path, ret_fault);
        close(fd);
    }
    if (err == ERR_OK)
        err = settings_read(buf_text(&text), path, (const char *const *)environ, ret_settings,
                            ret_fault);
    secure_wipe(text.data, text.len);
    buf_done(&text);
    if (err == ERR_OK && fd >= 0)
        (*ret_settings)->file = text_dup(text_of(path));
    return err;
}

const char *settings_file(const struct settings *settings) {
    return settings->file != NULL ? settings->file : "";
}

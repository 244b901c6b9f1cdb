/* doctor_files: who else on this machine may read or change what the service stands on. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agnostic/base/text.h"
#include "ctl/doctor.h"

#define SOCKET_OF_UNIT "/run/agnostic/api.sock"

/* What must not be open to others, and what to do when it is. */
struct secluded {
    const char *part;
    mode_t others; /* bits that must not be set */
    const char *what, *mend;
};
static const struct secluded SETTINGS_FILE = {
    "settings", S_IWGRP | S_IWOTH, "others may change it",
    "chmod go-w the file, and give it to the user that the service runs as"};
static const struct secluded REDIS_SOCKET = {
    "redis socket", S_IWOTH, "every user of this machine may use this Redis",
    "unixsocketperm 770 in redis.conf (700 when you alone use it), and a folder around the socket "
    "that others may not enter; or users with passwords as in deploy/redis"};
static const struct secluded API_SOCKET = {
    "api socket", S_IWOTH,
    "every user of this machine may speak to agnostic-api, past the web server",
    "SocketMode=0660 and SocketGroup= of the web server in agnostic-api.socket, or -M 0660 -G "
    "GROUP "
    "of spawn-fcgi"};
static const struct secluded RECEIPT_KEY = {
    "receipt key", S_IRWXG | S_IRWXO, "others may sign receipts with it",
    "chmod 600 the file, and give it to the user that agnostic-api runs as; when others had it, "
    "remove it and restart agnostic-api: it makes another"};
static const struct secluded MODEL_KEY = {
    "llm key", S_IRWXG | S_IRWXO, "others may use it, and agnostic-runner does not start with it",
    "chmod 600 the file, and give it to the user that agnostic-runner runs as"};
static const struct secluded RUN_DIR = {
    "run folder", S_IWGRP | S_IWOTH, "others may write to it",
    "chmod go-w the folder; agnostic-api and agnostic-runner may have one each (AGNOSTIC_RUN_DIR)"};

/* May users that own none of it come as far as this path? Its folders decide; it is resolved. */
static bool files_reachable(const char *path) {
    char folder[PATH_MAX];
    struct stat st;
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        if (!text_copy(text_make(path, (size_t)(slash - path)), folder, sizeof(folder)) ||
            stat(folder, &st) != 0 || (st.st_mode & S_IXOTH) == 0)
            return false;
    }
    return true;
}

static void files_look(struct doctor *doctor, const struct secluded *secluded, const char *path) {
    char whole[PATH_MAX];
    struct stat st;
    if (realpath(path, whole) == NULL || stat(whole, &st) != 0) {
        if (errno != ENOENT)
            doctor_note(doctor, secluded->part, "%s is not looked at: %s", path, strerror(errno));
    } else if ((st.st_mode & secluded->others) != 0 && !S_ISCHR(st.st_mode) &&
               files_reachable(whole)) {
        doctor_fail(doctor, secluded->part, secluded->mend, "%s: %s", path, secluded->what);
    } else {
        doctor_ok(doctor, secluded->part, "%s is closed to others (mode %04o)", path,
                  (unsigned)st.st_mode & 07777);
    }
}

/* What a setting names, if it names anything. */
static void files_look_named(struct doctor *doctor, const struct secluded *secluded,
                             enum settings_id id) {
    const char *path = settings_text(doctor->settings, id);
    if (path[0] != '\0')
        files_look(doctor, secluded, path);
}

/* With a password in the address the socket's mode is not what keeps others out. */
void doctor_files_redis(struct doctor *doctor, const char *where) {
    const char *url = settings_text(doctor->settings, SETTINGS_REDIS_URL);
    if (where[0] == '/' && strchr(url, '@') == NULL)
        files_look(doctor, &REDIS_SOCKET, where);
}

void doctor_files(struct doctor *doctor) {
    const char *file = settings_file(doctor->settings);
    if (file[0] != '\0')
        files_look(doctor, &SETTINGS_FILE, file);
    else
        doctor_note(doctor, "settings", "from the environment alone: there is no settings file");
    files_look(doctor, &API_SOCKET, SOCKET_OF_UNIT);
    files_look(doctor, &RUN_DIR, settings_text(doctor->settings, SETTINGS_RUN_DIR));
    files_look_named(doctor, &RECEIPT_KEY, SETTINGS_RECEIPT_KEY);
    files_look_named(doctor, &MODEL_KEY, SETTINGS_LLM_KEY_FILE);
}

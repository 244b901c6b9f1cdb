/* Finds executables. Knows nothing of manifests; decides nothing but where a file is. */
#include "runner/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char PATH_FALLBACK[] = "/usr/local/bin:/usr/bin:/bin";

enum err program_own_folder(char dst[static PATH_MAX]) {
    ssize_t len = readlink("/proc/self/exe", dst, PATH_MAX - 1);
    if (len <= 0) {
        dst[0] = '\0';
        return ERR_IO;
    }
    dst[len] = '\0';
    char *slash = strrchr(dst, '/');
    if (slash) {
        slash[slash == dst ? 1 : 0] = '\0';
    }
    return ERR_OK;
}

/* Is folder/name an executable file? If so its path is in dst. */
static bool try_folder(struct text folder, const char *name, char dst[static PATH_MAX]) {
    struct stat st;
    int len = snprintf(dst, PATH_MAX, "%.*s/%s", TEXT_ARG(folder), name);
    return len > 0 && len < PATH_MAX && stat(dst, &st) == 0 && S_ISREG(st.st_mode) &&
           access(dst, X_OK) == 0;
}

static bool try_path(const char *name, char dst[static PATH_MAX]) {
    const char *path = getenv("PATH");
    struct text rest = text_of(path && path[0] ? path : PATH_FALLBACK), folder;
    while (text_cut(&rest, ':', &folder)) {
        /* An empty or relative entry would mean whatever folder the agent happens to be in. */
        if (text_starts(folder, TEXT("/")) && try_folder(folder, name, dst)) {
            return true;
        }
    }
    return false;
}

/* folder/name made absolute, so that it holds from any working directory. */
static bool try_absolute(const char *folder, const char *name, char dst[static PATH_MAX]) {
    char found[PATH_MAX];
    return try_folder(text_of(folder), name, found) && realpath(found, dst);
}

bool program_find(const char *name, const char *folder, char dst[static PATH_MAX]) {
    char own[PATH_MAX];
    if (name[0] == '/') {
        return try_folder(TEXT(""), name + 1, dst);
    }
    if (strchr(name, '/')) {
        return try_absolute(folder, name, dst);
    }
    if (program_own_folder(own) == ERR_OK && try_folder(text_of(own), name, dst)) {
        return true;
    }
    return try_absolute(folder, name, dst) || try_path(name, dst);
}

bool program_in_path(const char *name) {
    char found[PATH_MAX];
    return name[0] == '/' ? try_folder(TEXT(""), name + 1, found) : try_path(name, found);
}

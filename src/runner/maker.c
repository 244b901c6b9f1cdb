/* Asks for the process in a name. A zombie is gone: not every init takes them away. */
#include "runner/maker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "agnostic/base/text.h"

static bool is_zombie(pid_t pid) {
    char path[32], line[512] = "";
    snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "re");
    bool read = file && fgets(line, sizeof(line), file);
    if (file) {
        fclose(file);
    }
    const char *name_end = read ? strrchr(line, ')') : NULL;
    return name_end && (strncmp(name_end, ") Z", 3) == 0 || strncmp(name_end, ") X", 3) == 0);
}

bool maker_is_gone(const char *name, const char *kind) {
    struct text rest = text_of(name), part;
    uint64_t pid;
    if (!text_cut(&rest, '-', &part) || !text_is(part, kind) || !text_cut(&rest, '-', &part) ||
        !text_u64(part, INT32_MAX, &pid) || pid == 0) {
        return false;
    }
    return (kill((pid_t)pid, 0) != 0 && errno == ESRCH) || is_zombie((pid_t)pid);
}

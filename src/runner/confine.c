/* Limits, privileges and the file system of an agent (setrlimit, capset, Landlock). Runs
 * between fork and exec: allocates nothing. */
#include "runner/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Not in every header that we compile with. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

enum { CONFINE_FILES = 256 }; /* open files of an agent */

static int limit(int resource, int64_t value) {
    struct rlimit now, next = {(rlim_t)value, (rlim_t)value};
    if (getrlimit(resource, &now) != 0) {
        return -1;
    }
    /* Never more than we have ourselves. */
    if (now.rlim_max != RLIM_INFINITY && next.rlim_max > now.rlim_max) {
        next.rlim_cur = next.rlim_max = now.rlim_max;
    }
    return setrlimit(resource, &next);
}

int confine_resources(const struct manifest_limits *limits, bool alone, bool any_memory) {
    const int64_t mib = 1 << 20;
    if (limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_NOFILE, CONFINE_FILES) != 0 ||
        limit(RLIMIT_CPU, limits->cpu_s) != 0 || limit(RLIMIT_FSIZE, limits->fsize_mb * mib) != 0) {
        return -1;
    }
    if (!any_memory && limit(RLIMIT_DATA, limits->rss_mb * mib) != 0) {
        return -1;
    }
    /* The namespace's first process counts too. */
    return alone ? limit(RLIMIT_NPROC, limits->nproc + 1) : 0;
}

int confine_privileges(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return -1;
    }
    /* An empty bounding set: exec as root gains nothing either. EPERM: we had none to drop. */
    for (int cap = 0; cap <= 63; cap++) {
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) {
            break;
        }
    }
    return (int)syscall(SYS_capset, &header, none);
}

/* --- Landlock ----------------------------------------------------------------------- */

#define CONFINE_READ                                                                               \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define CONFINE_ALL_V1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define CONFINE_FILE_ONLY                                                                          \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |   \
     LANDLOCK_ACCESS_FS_TRUNCATE)

/* What every dynamically linked program that talks TLS needs. Not all of /etc: our own
 * settings may stand there. */
static const char *const system_paths[] = {
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/etc/ssl",
    "/etc/ca-certificates",
    "/etc/testssl", /* where Debian keeps what testssl.sh reads */
    "/etc/fonts",   /* without which a browser has no letters */
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/passwd",
    "/etc/group",
    "/run/systemd/resolve",
    "/run/resolvconf",
};

static int landlock_abi(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool confine_can_files(void) {
    return landlock_abi() >= 1;
}

static uint64_t handled_access(int abi) {
    uint64_t access = CONFINE_ALL_V1;
    if (abi >= 2) {
        access |= LANDLOCK_ACCESS_FS_REFER;
    }
    if (abi >= 3) {
        access |= LANDLOCK_ACCESS_FS_TRUNCATE;
    }
    return access;
}

/* Opens one path to the rule set; a path that does not exist needs no rule. */
static int allow_path(int ruleset, const char *path, uint64_t access) {
    struct stat st;
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT || errno == EACCES || errno == ENOTDIR ? 0 : -1;
    }
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode)) {
        rule.allowed_access &= CONFINE_FILE_ONLY;
    }
    rule.parent_fd = fd;
    int result = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return result;
}

static int allow_paths(int ruleset, const char *const *paths, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (paths[i] && allow_path(ruleset, paths[i], CONFINE_READ) != 0) {
            return -1;
        }
    }
    return 0;
}

int confine_files(const char *const *readable, size_t count, const char *workdir, bool nests) {
    uint64_t proc = CONFINE_READ | (nests ? LANDLOCK_ACCESS_FS_WRITE_FILE : 0);
    uint64_t handled = handled_access(landlock_abi());
    struct landlock_ruleset_attr attr = {.handled_access_fs = handled};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
    if (ruleset < 0) {
        return -1;
    }
    int result = -1;
    if (allow_paths(ruleset, system_paths, sizeof(system_paths) / sizeof(system_paths[0])) == 0 &&
        allow_paths(ruleset, readable, count) == 0 && allow_path(ruleset, "/proc", proc) == 0 &&
        allow_path(ruleset, "/dev/null", handled) == 0 &&
        allow_path(ruleset, workdir, handled) == 0) {
        result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
    }
    close(ruleset);
    return result;
}

/* Names and the one shared byte a slot: busy or not. */
#include "runner/crew.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/text.h"
#include "runner/spawn.h"

enum { HOST_SIZE = 33 };

struct crew {
    char host[HOST_SIZE], name[TASK_STORE_SLOT_SIZE], started_at[TIME_ISO_SIZE];
    const char *containment;
    pid_t pid;
    int slots;
    int64_t until_ms;
    atomic_bool busy[CREW_SLOTS_MAX + 1];
};

/* The longest name: host 32, pid 10, "keeper" or "slot256" 7, suffix 8, three marks between. */
_Static_assert(HOST_SIZE - 1 + 10 + 7 + 8 + 3 < TASK_STORE_SLOT_SIZE, "names fit");

static void find_host(char host[static HOST_SIZE]) {
    char whole[HOST_NAME_MAX + 1] = "";
    bool named = gethostname(whole, sizeof(whole) - 1) == 0 && whole[0] != '\0';
    snprintf(host, HOST_SIZE, "%.*s", HOST_SIZE - 1, named ? whole : "unnamed");
    for (char *at = host; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || *at == '.' || *at == '-' || *at == '_';
        *at = plain ? *at : '-';
    }
}

static enum err make_name(const struct crew *crew, const char *member,
                          char dst[static TASK_STORE_SLOT_SIZE]) {
    uint32_t suffix;
    enum err err = secure_random(&suffix, sizeof(suffix));
    if (err == ERR_OK) {
        snprintf(dst, TASK_STORE_SLOT_SIZE, "%s:%ld%s.%08x", crew->host, (long)getpid(), member,
                 (unsigned)suffix);
    }
    return err;
}

enum err crew_new(int slots, int64_t until_ms, struct crew **ret_crew) {
    struct crew *crew =
        mmap(NULL, sizeof(*crew), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (crew == MAP_FAILED) {
        return ERR_NOMEM;
    }
    find_host(crew->host);
    time_iso_utc(time_wall_us(), crew->started_at);
    crew->containment = spawn_containment();
    crew->pid = getpid();
    crew->slots = slots;
    crew->until_ms = until_ms;
    enum err err = make_name(crew, "", crew->name);
    if (err != ERR_OK) {
        crew_free(crew);
        return err;
    }
    *ret_crew = crew;
    return ERR_OK;
}

void crew_free(struct crew *crew) {
    if (crew) {
        munmap(crew, sizeof(*crew));
    }
}

enum err crew_member(const struct crew *crew, const char *kind, int number,
                     char dst[static TASK_STORE_SLOT_SIZE]) {
    char member[16];
    snprintf(member, sizeof(member), ":%s%d", kind, number);
    return make_name(crew, member, dst);
}

const char *crew_name(const struct crew *crew) {
    return crew->name;
}

int64_t crew_until_ms(const struct crew *crew) {
    return crew->until_ms;
}

void crew_set_busy(struct crew *crew, int number, bool busy) {
    if (number > 0 && number <= CREW_SLOTS_MAX) {
        atomic_store(&crew->busy[number], busy);
    }
}

int64_t crew_busy(const struct crew *crew) {
    int64_t busy = 0;
    for (int number = 1; number <= CREW_SLOTS_MAX; number++) {
        busy += atomic_load(&crew->busy[number]);
    }
    return busy;
}

void crew_tell(const struct crew *crew, bool draining, struct fleet_runner *ret_runner) {
    *ret_runner = (struct fleet_runner){.version = AGNOSTIC_VERSION,
                                        .pid = crew->pid,
                                        .slots = crew->slots,
                                        .busy = crew_busy(crew),
                                        .draining = draining};
    text_copy(text_of(crew->name), ret_runner->name, sizeof(ret_runner->name));
    text_copy(text_of(crew->host), ret_runner->host, sizeof(ret_runner->host));
    text_copy(text_of(crew->started_at), ret_runner->started_at, sizeof(ret_runner->started_at));
    text_copy(text_of(crew->containment), ret_runner->containment, sizeof(ret_runner->containment));
}

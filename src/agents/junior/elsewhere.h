/* elsewhere: what pages link to on other origins, and whether it is there. Asked for only where the
 * task wants it, through the gate that leads to the target too: nothing but the URL is sent, and no
 * host is asked more than once a second. */
#ifndef AGENTS_JUNIOR_ELSEWHERE_H
#define AGENTS_JUNIOR_ELSEWHERE_H

#include "agents/agent_task.h"

enum {
    ELSEWHERE_LINKS_MAX = 200, /* different ones; more are counted */
    ELSEWHERE_HOSTS_MAX = 400, /* theirs, and those that they redirect to */
    ELSEWHERE_AGAIN_MAX = 20,  /* of those that failed */
    ELSEWHERE_REDIRECTS_MAX = 5,
    ELSEWHERE_INTERVAL_MS = 1000, /* between an answer of a host and the next request to it */
    ELSEWHERE_BUDGET_MS = 60000,
    ELSEWHERE_NOTE_SIZE = 160
};

/* What became of one link. */
enum elsewhere_end {
    ELSEWHERE_UNASKED,   /* beyond the bounds */
    ELSEWHERE_LEFT,      /* its words say that it changes something */
    ELSEWHERE_BARRED,    /* the task's constraints keep us from it */
    ELSEWHERE_FORBIDDEN, /* the gate refuses its address */
    ELSEWHERE_UNCLEAR,   /* no answer in time, or none that can be read; redirects without end */
    ELSEWHERE_FINE,
    ELSEWHERE_CLOSED, /* 401, 403, 429, 999: not for programs */
    ELSEWHERE_BROKEN, /* any other status from 400 on, no such host, nobody who listens */
    ELSEWHERE_END__COUNT
};

struct elsewhere_host {
    char name[URL_HOST_SIZE];
    int64_t next_ms; /* from when on it may be asked */
};

struct elsewhere_link {
    char *text; /* in normal form, without fragment */
    int from;   /* the site's page that leads there first, -1: a style sheet's */
    struct elsewhere_host *host;
    enum elsewhere_end end;
    int status;                    /* of the last answer, 0: none */
    char why[ELSEWHERE_NOTE_SIZE]; /* no answer */
};

/* Zeroed: none. */
struct elsewhere {
    bool is_wanted; /* whether they are asked for */
    struct elsewhere_link links[ELSEWHERE_LINKS_MAX];
    struct elsewhere_host hosts[ELSEWHERE_HOSTS_MAX];
    size_t count, host_count, dropped, requests;
};

/* elsewhere_add(elsewhere, text, from, changes): a link to that URL; changes: its words say that it
 * changes something. One that is known, or no web address, adds nothing. */
void elsewhere_add(struct elsewhere *elsewhere, struct text text, int from, bool changes);
void elsewhere_done(struct elsewhere *elsewhere);

/* elsewhere_ask(elsewhere, task, gate, non_public, spent): asks for all of them, where they are
 * wanted; non_public: so is the target; spent: how many of the requests that the task permits are
 * used up. ERR_NOMEM. */
enum err elsewhere_ask(struct elsewhere *elsewhere, const struct agent_task *task,
                       const struct gate *gate, bool non_public, size_t spent);
size_t elsewhere_ended(const struct elsewhere *elsewhere, enum elsewhere_end end);

#endif

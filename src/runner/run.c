/* The poll loop around agents. Never blocks on one and holds no more of its output than one line:
 * what comes in excess is read and thrown away. */
#include "runner/run.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "runner/ending.h"
#include "runner/lines.h"

enum {
    CHUNK_BYTES = 65536,
    COUNT_EVERY_MS = 20, /* how often processes are counted where the kernel does not */
    BAD_LINES_TOLD = 3   /* in the task's log */
};

struct run {
    const struct agent *agent;
    struct spawn spawn;
    struct outcome *outcome;
    struct host_account *account;
    struct journal_voice *voice;
    struct lines lines, err_lines;
    struct text to_write; /* of the task line */
    uint64_t out_max;     /* bytes of stdout that are read into the outcome */
    int64_t deadline_ms, kill_ms, count_ms;
    struct ending ending;
    bool over, lost;
    char chunk[CHUNK_BYTES];
};

static void take_line(void *ctx, struct text line, bool too_long) {
    struct run *run = ctx;
    /* A line past the limit is a bad one; its text was not kept. */
    if (outcome_line(run->outcome, too_long ? TEXT("(too long)") : line) == ERR_SYNTAX &&
        outcome_bad_lines(run->outcome) <= BAD_LINES_TOLD) {
        journal_say(run->voice, "unreadable line", too_long ? TEXT("(too long)") : line);
    }
}

static void take_err_line(void *ctx, struct text line, bool too_long) {
    struct run *run = ctx;
    journal_say(run->voice, "stderr", too_long ? TEXT("(too long)") : line);
}

static void take_log(void *ctx, const char *level, struct text message) {
    struct run *run = ctx;
    journal_say(run->voice, level, message);
}

/* --- pipes -------------------------------------------------------------------------- */

static void close_pipe(int *fd) {
    close(*fd);
    *fd = -1;
}

static void write_task(struct run *run) {
    ssize_t n = write(run->spawn.in, run->to_write.ptr, run->to_write.len);
    if (n > 0) {
        run->to_write.ptr += n;
        run->to_write.len -= (size_t)n;
    }
    /* An agent need not read its task. */
    if (run->to_write.len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        close_pipe(&run->spawn.in);
    }
}

/* One chunk of fd; false when there is nothing more now. */
static bool read_chunk(struct run *run, int *fd, struct text *ret_bytes) {
    ssize_t n = read(*fd, run->chunk, sizeof(run->chunk));
    if (n > 0) {
        *ret_bytes = text_make(run->chunk, (size_t)n);
        return true;
    }
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_pipe(fd);
    }
    return false;
}

static bool read_out(struct run *run) {
    struct text bytes;
    if (!read_chunk(run, &run->spawn.out, &bytes)) {
        return false;
    }
    uint64_t room =
        run->account->out_bytes < run->out_max ? run->out_max - run->account->out_bytes : 0;
    run->account->out_bytes += bytes.len;
    if (bytes.len > room) {
        bytes.len = (size_t)room;
        run->ending.truncated = true;
    }
    lines_feed(&run->lines, bytes);
    return true;
}

static bool read_err(struct run *run) {
    struct text bytes;
    struct host_account *account = run->account;
    if (!read_chunk(run, &run->spawn.err, &bytes)) {
        return false;
    }
    if (account->err_bytes < HOST_STDERR_KEPT) {
        size_t room = HOST_STDERR_KEPT - (size_t)account->err_bytes;
        memcpy(account->said + account->err_bytes, bytes.ptr, bytes.len < room ? bytes.len : room);
    }
    account->err_bytes += bytes.len;
    lines_feed(&run->err_lines, bytes);
    return true;
}

/* What was still in the pipes when all had ended. */
static void drain(struct run *run) {
    while (run->spawn.out >= 0 && read_out(run)) {
    }
    while (run->spawn.err >= 0 && read_err(run)) {
    }
    lines_end(&run->lines);
    lines_end(&run->err_lines);
}

/* --- time and size ------------------------------------------------------------------ */

static int64_t sooner(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void ask_to_end(struct run *run, int64_t grace_ms) {
    run->kill_ms = sooner(run->kill_ms, time_mono_ms() + grace_ms);
    spawn_ask(&run->spawn);
}

static void check_time(struct run *run, int64_t now) {
    if (now >= run->deadline_ms && run->kill_ms == INT64_MAX) {
        run->ending.cause = ENDING_TIMEOUT;
        ask_to_end(run, HOST_GRACE_MS);
    }
    if (now >= run->kill_ms) {
        run->over = true;
    }
}

static void check_count(struct run *run, int64_t now) {
    if (run->spawn.counted || now < run->count_ms) {
        return;
    }
    run->count_ms = now + COUNT_EVERY_MS;
    if (spawn_exceeds(&run->spawn, (size_t)run->agent->manifest.limits.nproc)) {
        run->ending.cause = ENDING_PROCESSES;
        run->over = true;
    }
}

/* When something is due of it. */
static int64_t due_of(const struct run *run) {
    bool asked = run->kill_ms != INT64_MAX;
    int64_t until = asked ? run->kill_ms : run->deadline_ms;
    return run->spawn.counted ? until : sooner(until, run->count_ms);
}

/* --- the loop ----------------------------------------------------------------------- */

enum { IN, OUT, ERR, STATUS, FDS }; /* of one agent */

static void fill_fds(const struct run *run, struct pollfd fds[static FDS]) {
    fds[IN] = (struct pollfd){.fd = run->spawn.in, .events = POLLOUT};
    fds[OUT] = (struct pollfd){.fd = run->spawn.out, .events = POLLIN};
    fds[ERR] = (struct pollfd){.fd = run->spawn.err, .events = POLLIN};
    fds[STATUS] = (struct pollfd){.fd = run->spawn.status, .events = POLLIN};
}

static void serve(struct run *run, const struct pollfd fds[static FDS]) {
    if (fds[IN].revents) {
        write_task(run);
    }
    if (fds[OUT].revents) {
        read_out(run);
    }
    if (fds[ERR].revents) {
        read_err(run);
    }
    if (fds[STATUS].revents && spawn_news(&run->spawn, &run->ending.end)) {
        run->over = true;
    }
}

static void turn(struct run *const *runs, size_t count, int pulse_fd, int64_t due_ms) {
    struct pollfd fds[RUN_MAX * FDS + 1];
    for (size_t i = 0; i < count; i++) {
        fill_fds(runs[i], &fds[i * FDS]);
        due_ms = sooner(due_ms, due_of(runs[i]));
    }
    fds[count * FDS] = (struct pollfd){.fd = pulse_fd, .events = POLLIN};
    int64_t wait = due_ms - time_mono_ms();
    wait = wait < 0 ? 0 : wait > 60000 ? 60000 : wait;
    if (poll(fds, count * FDS + 1, (int)wait) <= 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        serve(runs[i], &fds[i * FDS]);
    }
}

/* Its first word to stop is the last that is heard of it. */
static int64_t obey_pulse(struct run *const *runs, size_t count, const struct pulse *pulse) {
    int64_t due = INT64_MAX;
    if (runs[0]->lost || pulse->beat(pulse->ctx, &due)) {
        return runs[0]->lost ? INT64_MAX : due;
    }
    for (size_t i = 0; i < count; i++) {
        runs[i]->lost = true;
        ask_to_end(runs[i], HOST_LOST_GRACE_MS);
    }
    return INT64_MAX;
}

size_t run_watch(struct run *const *runs, size_t count, const struct pulse *pulse) {
    for (;;) {
        int64_t due = obey_pulse(runs, count, pulse), now = time_mono_ms();
        for (size_t i = 0; i < count; i++) {
            check_time(runs[i], now);
            check_count(runs[i], now);
            if (runs[i]->over) {
                return i;
            }
        }
        turn(runs, count, runs[0]->lost ? -1 : pulse->fd, due);
    }
}

static void run_init(struct run *run, const struct agent *agent, struct text line,
                     int64_t deadline_ms) {
    run->agent = agent;
    run->to_write = line;
    run->out_max = (uint64_t)agent->manifest.limits.stdout_mb << 20;
    run->deadline_ms = deadline_ms;
    run->kill_ms = INT64_MAX;
    run->count_ms = 0;
    lines_init(&run->lines, (size_t)agent->manifest.limits.line_kb << 10, take_line, run);
    lines_init(&run->err_lines, HOST_STDERR_LINE_MAX, take_err_line, run);
}

/* Did it not begin because this host was short of something just then? */
static bool was_short(const struct spawn_end *end) {
    static const int SHORTAGES[] = {EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT};
    for (size_t i = 0; i < sizeof(SHORTAGES) / sizeof(SHORTAGES[0]); i++) {
        if (end->kind == SPAWN_NOT_BEGUN && end->value == SHORTAGES[i]) {
            return true;
        }
    }
    return false;
}

/* What became of it, once all of it has ended. */
static enum err tell_end(struct run *run, struct fault *fault) {
    const struct spawn_end *end = &run->ending.end;
    if (run->lost || !run->over) {
        return ERR_LOST;
    }
    if (was_short(end)) {
        return fault_set(fault, ERR_IO, "not started: %s: %s", end->step, strerror(end->value));
    }
    if (run->ending.cause == ENDING_ITS_OWN && end->kind == SPAWN_EXITED &&
        end->value == err_exit(ERR_TEMPORARY)) {
        return fault_set(fault, ERR_TEMPORARY, "reports a temporary failure (exit status %d)",
                         end->value);
    }
    ending_tell(&run->ending, run->agent->manifest.name, run->outcome);
    return ERR_OK;
}

enum err run_start(const struct agent *agent, const struct spawn_plan *plan, struct text line,
                   int64_t deadline_ms, const struct run_ends *ends, struct run **ret_run,
                   struct fault *ret_fault) {
    struct run *run = calloc(1, sizeof(*run));
    if (!run) {
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    run_init(run, agent, line, deadline_ms);
    run->outcome = ends->outcome;
    run->account = ends->account;
    run->voice = ends->voice;
    enum err err = spawn_start(plan, &run->spawn, ret_fault);
    if (err != ERR_OK) {
        free(run);
        return err;
    }
    outcome_listen(run->outcome, take_log, run);
    *ret_run = run;
    return ERR_OK;
}

enum err run_end(struct run *run, struct fault *ret_fault) {
    spawn_end_all(&run->spawn);
    drain(run);
    spawn_done(&run->spawn);
    run->account->contained = run->spawn.contained;
    run->account->offline = run->spawn.offline;
    outcome_listen(run->outcome, NULL, NULL);
    enum err err = tell_end(run, ret_fault);
    free(run);
    return err;
}

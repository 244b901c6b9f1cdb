/* The clock of arrivals and what becomes of each. Needs no queue: what waits are the arrivals from
 * the first not begun to the last due, and each knows when it was due. Judges nothing. */
#include "agents/performance/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"

#define NO_SAMPLE UINT32_MAX /* of an arrival that has not ended */

enum {
    SECOND_US = 1000000,
    LATE_MAX_US = 5000, /* p99 of our own lateness; more is saturation */
    CONNECT_MS = 5000,
    BODY_MAX_BYTES = 64 << 20
};

static const struct http_limits LIMITS = {CONNECT_MS, LOAD_TIMEOUT_MS, BODY_MAX_BYTES, 0};
static const char USER_AGENT[] = "agnostic-qa/" AGNOSTIC_VERSION;
static const char *const END_WORDS[LOAD_END__COUNT] = {"completed", "no_answer", "error_rate",
                                                       "retry_after", "target_refused"};

/* What ended in one second, for the error rule. */
struct second {
    int64_t number, ended, failed;
};

/* One run. Arrivals are numbered from 0; from `first` on they are measured. */
struct run {
    const struct load_plan *plan;
    struct load *load;
    struct http_many *many;
    int64_t start_us;
    int64_t first, end; /* numbers; end: one behind the last */
    int64_t next;       /* the first not begun */
    int64_t held;       /* arrivals before this one met no free connection */
    int64_t answer_us;  /* when something was answered last, or nothing waited */
    int64_t ticked_us;
    struct second seconds[2];
    bool silent;
};

const char *load_end_word(enum load_end end) {
    return END_WORDS[end];
}

int64_t load_errors(const struct load *load) {
    return load->server_errors + load->failed + load->timed_out + load->dropped;
}

bool load_saturated(const struct load *load) {
    return histogram_percentile(load->lateness, 99) > LATE_MAX_US;
}

/* --- arrivals ------------------------------------------------------------------------------- */

static int64_t load_due_us(const struct run *run, int64_t arrival) {
    return run->start_us + arrival / run->plan->rate * SECOND_US +
           arrival % run->plan->rate * SECOND_US / run->plan->rate;
}

/* How many arrivals have come due by now. */
static int64_t load_due_count(const struct run *run, int64_t now) {
    int64_t past = now - run->start_us;
    int64_t count = past < 0 ? 0
                             : past / SECOND_US * run->plan->rate +
                                   past % SECOND_US * run->plan->rate / SECOND_US;
    while (count < run->end && load_due_us(run, count) <= now)
        count++;
    return count < run->end ? count : run->end;
}

static void load_sample(const struct run *run, int64_t arrival, int64_t us) {
    struct load *load = run->load;
    if (arrival < run->first)
        return;
    load->samples[arrival - run->first] = us < 1           ? 1
                                          : us < NO_SAMPLE ? (uint32_t)us
                                                           : NO_SAMPLE - 1;
    histogram_record(load->response, us);
}

/* No arrival comes due any more; what runs is awaited. */
static void load_stop(struct run *run, enum load_end end) {
    if (run->load->end != LOAD_WHOLE)
        return;
    run->load->end = end;
    run->end = run->next;
}

/* Over two whole seconds more than half of what ended had failed. */
static void load_note_end(struct run *run, int64_t now, bool failed) {
    int64_t number = (now - run->start_us) / SECOND_US;
    struct second *last = run->seconds, *this = &run->seconds[1];
    if (number != this->number) {
        int64_t ended = last->ended + this->ended, bad = last->failed + this->failed;
        if (number >= 2 && bad * 2 > ended && last->failed > 0 && this->failed > 0)
            load_stop(run, LOAD_ERRORS);
        *last = number == this->number + 1 ? *this : (struct second){number - 1, 0, 0};
        *this = (struct second){number, 0, 0};
    }
    this->ended++;
    this->failed += failed;
}

/* --- answers -------------------------------------------------------------------------------- */

static void load_count_status(struct load *load, int status) {
    load->server_errors += status >= 500;
    load->throttled += status == 429;
    load->client_errors += status >= 400 && status < 500 && status != 429;
}

static void load_answered(struct run *run, const struct http_many_answer *answer, int64_t us) {
    struct load *load = run->load;
    int64_t limit = run->plan->satisfied_us;
    bool fine = answer->status < 500 && answer->status != 429;
    load_sample(run, (int64_t)answer->tag, us);
    histogram_record(load->service, answer->service_us);
    load_count_status(load, answer->status);
    load->answered++;
    load->bytes += answer->bytes;
    load->version = answer->version;
    load->satisfied += fine && us <= limit;
    load->tolerated += fine && us > limit && us <= 4 * limit;
}

/* The entry of the mix the arrival belongs to; NULL: there is but one. */
static struct load_part *load_part(const struct run *run, int64_t arrival) {
    return run->load->parts == NULL ? NULL : &run->load->parts[mix_at(run->plan->mix, arrival)];
}

static void load_count_part(struct load_part *part, const struct http_many_answer *answer,
                            int64_t us) {
    if (part == NULL)
        return;
    part->answered += answer->err == ERR_OK;
    part->errors += answer->err != ERR_OK || answer->status >= 500;
    if (answer->err == ERR_OK)
        histogram_record(part->response, us);
}

static void load_failed(struct run *run, const struct http_many_answer *answer, int64_t us) {
    struct load *load = run->load;
    if (answer->err == ERR_TIMEOUT) {
        load->timed_out++;
        load_sample(run, (int64_t)answer->tag, us);
    } else {
        load->failed++;
        load->samples[(int64_t)answer->tag - run->first] = 0;
    }
    if (load->why[0] == '\0')
        snprintf(load->why, sizeof(load->why), "%s", answer->why);
}

static void load_done(void *ctx, const struct http_many_answer *answer) {
    struct run *run = ctx;
    int64_t now = time_mono_us(), us = now - load_due_us(run, (int64_t)answer->tag);
    bool good = answer->err == ERR_OK;
    load_note_end(run, now, !good || answer->status >= 500);
    if (answer->err == ERR_REFUSED)
        load_stop(run, LOAD_REFUSED);
    if (good && answer->retry_after_s > 0 && (answer->status == 429 || answer->status == 503)) {
        run->load->retry_after_s = answer->retry_after_s;
        load_stop(run, LOAD_ASKED_TO_GO);
    }
    if (good && now - run->answer_us > run->load->silence_us)
        run->load->silence_us = now - run->answer_us;
    if (good)
        run->answer_us = now;
    if ((int64_t)answer->tag < run->first)
        return;
    if (now - load_due_us(run, run->first) > run->load->span_us)
        run->load->span_us = now - load_due_us(run, run->first);
    load_count_part(load_part(run, (int64_t)answer->tag), answer, us);
    if (good)
        load_answered(run, answer, us);
    else
        load_failed(run, answer, us);
}

/* --- the loop ------------------------------------------------------------------------------- */

/* Waited longer than a request may take: never begun, an error at the time it waited. */
static void load_drop(struct run *run, int64_t now) {
    while (run->next < run->end &&
           now - load_due_us(run, run->next) > (int64_t)LOAD_TIMEOUT_MS * 1000) {
        load_sample(run, run->next, now - load_due_us(run, run->next));
        run->load->dropped += run->next >= run->first;
        load_note_end(run, now, true);
        run->next++;
    }
}

static void load_begin(struct run *run) {
    int64_t due = load_due_count(run, time_mono_us());
    while (run->next < due) {
        if (!http_many_start(run->many, (uint64_t)run->next, mix_at(run->plan->mix, run->next))) {
            run->held = due;
            break;
        }
        if (run->next >= run->held && run->next >= run->first)
            histogram_record(run->load->lateness, time_mono_us() - load_due_us(run, run->next));
        run->load->requests++;
        run->next++;
    }
    if (http_many_running(run->many) > run->load->in_flight_max)
        run->load->in_flight_max = http_many_running(run->many);
}

/* Whoever waits when nobody answers has waited in vain: counted with the time it waited. */
static void load_give_up(struct run *run, int64_t now) {
    int64_t due = load_due_count(run, now);
    for (int64_t arrival = run->first; arrival < due; arrival++) {
        if (run->load->samples[arrival - run->first] != NO_SAMPLE)
            continue;
        load_sample(run, arrival, now - load_due_us(run, arrival));
        run->load->timed_out++;
    }
    run->next = due;
    run->silent = true;
    load_stop(run, LOAD_SILENT);
}

static void load_watch(struct run *run, int64_t now) {
    if (http_many_running(run->many) == 0 && run->next >= load_due_count(run, now))
        run->answer_us = now; /* nothing waits */
    else if (run->load->end == LOAD_WHOLE && now - run->answer_us > (int64_t)LOAD_SILENCE_MS * 1000)
        load_give_up(run, now);
    if (run->plan->tick != NULL && now - run->ticked_us >= SECOND_US) {
        run->ticked_us = now;
        run->plan->tick(run->plan->ctx, run->load);
    }
}

static bool load_is_over(const struct run *run) {
    return run->silent || (run->next >= run->end && http_many_running(run->many) == 0);
}

/* When to look again: at the next arrival, at least ten times a second. Arrivals that no connection
 * is free for are begun when an answer comes, which wakes us anyway. */
static int64_t load_wake_us(const struct run *run) {
    int64_t latest = time_mono_us() + SECOND_US / 10;
    if (run->next >= run->end || run->held > run->next)
        return latest;
    int64_t due = load_due_us(run, run->next);
    return due < latest ? due : latest;
}

static void load_loop(struct run *run) {
    run->start_us = run->answer_us = run->ticked_us = time_mono_us();
    run->load->span_us = run->plan->duration_ms * 1000;
    while (!load_is_over(run)) {
        load_begin(run);
        http_many_step(run->many, load_wake_us(run), load_done, run);
        load_drop(run, time_mono_us());
        load_watch(run, time_mono_us());
    }
    run->load->offered = run->next > run->first ? run->next - run->first : 0;
}

/* --- making --------------------------------------------------------------------------------- */

static enum err load_new_parts(struct load *load, size_t count) {
    enum err err = ERR_OK;
    if (count < 2)
        return ERR_OK;
    load->parts = calloc(count, sizeof(*load->parts));
    if (load->parts == NULL)
        return ERR_NOMEM;
    for (; err == ERR_OK && load->part_count < count; load->part_count++)
        err = histogram_new(&load->parts[load->part_count].response);
    return err;
}

static enum err load_new(int64_t measured, size_t parts, struct load **ret_load) {
    struct load *load = calloc(1, sizeof(*load));
    enum err err = load != NULL ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK)
        err = histogram_new(&load->response);
    if (err == ERR_OK)
        err = histogram_new(&load->service);
    if (err == ERR_OK)
        err = histogram_new(&load->lateness);
    if (err == ERR_OK)
        err = load_new_parts(load, parts);
    if (err == ERR_OK && (load->samples = malloc((size_t)measured * sizeof(uint32_t))) == NULL)
        err = ERR_NOMEM;
    if (err == ERR_OK)
        memset(load->samples, 0xff, (size_t)measured * sizeof(uint32_t)); /* NO_SAMPLE */
    if (err == ERR_OK)
        *ret_load = load;
    else
        load_free(load);
    return err;
}

void load_free(struct load *load) {
    if (load == NULL)
        return;
    histogram_free(load->response);
    histogram_free(load->service);
    histogram_free(load->lateness);
    for (size_t i = 0; i < load->part_count; i++)
        histogram_free(load->parts[i].response);
    free(load->parts);
    free(load->samples);
    free(load);
}

enum err load_run(const struct load_plan *plan, const struct gate *gate, struct load **ret_load,
                  struct fault *ret_fault) {
    struct run run = {.plan = plan};
    const struct http_many_plan many = {.gate = gate,
                                        .user_agent = USER_AGENT,
                                        .urls = plan->mix->url,
                                        .url_count = plan->mix->count,
                                        .slots = LOAD_IN_FLIGHT_MAX,
                                        .limits = &LIMITS,
                                        .version = plan->version};
    run.first = plan->rate * plan->warmup_ms / 1000;
    run.end = run.first + plan->rate * plan->duration_ms / 1000;
    if (run.end - run.first < 1 || run.end > LOAD_ARRIVALS_MAX)
        return fault_set(ret_fault, ERR_SYNTAX, "The load would be %lld requests, not 1 to %d",
                         (long long)run.end, LOAD_ARRIVALS_MAX);
    enum err err = load_new(run.end - run.first, plan->mix->count, &run.load);
    if (err == ERR_OK)
        err = http_many_new(&many, &run.many, ret_fault);
    if (err == ERR_OK) {
        load_loop(&run);
        *ret_load = run.load;
    } else {
        load_free(run.load);
    }
    http_many_free(run.many);
    return err;
}

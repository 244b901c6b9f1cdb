/* queue: the queue as a whole, for operators: how it stands, and its two switches. */
#include <inttypes.h>
#include <stdio.h>

#include "agnostic/base/json.h"
#include "agnostic/store/queue_store.h"
#include "ctl/command.h"
#include "ctl/local.h"

enum { QUEUE_JSON_MAX_BYTES = 4096 };

struct standing {
    struct queue_depth depth;
    struct queue_switches switches;
};

/* --- how it stands -----------------------------------------------------------------------------
 */

static void print_text(const struct standing *standing) {
    const struct queue_depth *depth = &standing->depth;
    printf("claims    %s\n", standing->switches.paused
                                 ? "paused: nothing is started (`agnosticctl queue resume`)"
                                 : "on");
    printf("submits   %s\n",
           standing->switches.draining ? "refused (`agnosticctl queue accept`)" : "accepted");
    for (enum task_priority priority = 0; priority < TASK_PRIORITY__COUNT; priority++)
        printf("%-9s %" PRId64 "\n", task_priority_word(priority), depth->ready[priority]);
    printf("delayed   %" PRId64 "\nrunning   %" PRId64 "\n", depth->delayed, depth->leased);
}

static void print_json(const struct standing *standing) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, QUEUE_JSON_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_object(&out);
    json_out_member_bool(&out, "paused", standing->switches.paused);
    json_out_member_bool(&out, "draining", standing->switches.draining);
    json_out_name(&out, "waiting");
    json_out_object(&out);
    for (enum task_priority priority = 0; priority < TASK_PRIORITY__COUNT; priority++)
        json_out_member_int(&out, task_priority_word(priority), standing->depth.ready[priority]);
    json_out_end_object(&out);
    json_out_member_int(&out, "delayed", standing->depth.delayed);
    json_out_member_int(&out, "running", standing->depth.leased);
    json_out_end_object(&out);
    puts(buf_str(&buf));
    buf_done(&buf);
}

static enum err show(struct store *store, const struct options *options) {
    struct standing standing;
    enum err err = queue_store_depth(store, &standing.depth);
    if (err == ERR_OK)
        err = queue_store_switches(store, &standing.switches);
    if (err == ERR_OK && options_flag(options, "json"))
        print_json(&standing);
    else if (err == ERR_OK)
        print_text(&standing);
    return err;
}

/* --- the switches ------------------------------------------------------------------------------
 */

static const struct turn {
    const char *word;
    enum err (*set)(struct store *store, bool on); /* NULL: only shows */
    bool on;
    const char *done;
} TURNS[] = {
    {"status", NULL, false, NULL},
    {"pause", queue_store_pause, true, "paused: what runs goes on, nothing else is started"},
    {"resume", queue_store_pause, false, "resumed"},
    {"drain", queue_store_drain, true, "draining: submits are refused, what waits is worked off"},
    {"accept", queue_store_drain, false, "submits are accepted"},
};

static const struct turn *find_turn(const char *word) {
    for (size_t i = 0; i < sizeof(TURNS) / sizeof(TURNS[0]); i++)
        if (text_is(text_of(word), TURNS[i].word))
            return &TURNS[i];
    return NULL;
}

int queue_run(const struct settings *settings, const struct options *options) {
    const char *word = options_count(options) > 0 ? options_operand(options, 0) : "status";
    const struct turn *turn = find_turn(word);
    int status = CTL_OK;
    if (!turn) {
        fputs("agnosticctl: queue is followed by status, pause, resume, drain or accept\n", stderr);
        return CTL_USAGE;
    }
    struct store *store = local_open(settings, &status);
    if (!store)
        return status;
    enum err err = turn->set ? turn->set(store, turn->on) : show(store, options);
    if (err == ERR_OK && turn->set)
        puts(turn->done);
    if (err != ERR_OK)
        status = local_complain("the queue", err, store);
    store_free(store);
    return status;
}

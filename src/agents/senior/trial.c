/* Asks, asks again, keeps what failed. */
#include "agents/senior/trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "agents/senior/reply.h"
#include "agents/shell.h"
#include "agnostic/base/time.h"

enum {
    US_PER_MS = 1000,
    LONG_BYTES = 2048,           /* a server may hang up on what is longer */
    TARGET_MAX_BYTES = 256 << 10 /* of the longest value, and its URL */
};

static const struct http_limits PAGE = {5000, 10000, 256 << 10, 256 << 10};
static const char MARK[] = "\x01"; /* where the value stands; in no URL */

/* What is known of the plain page of an inlet. LEFT: no more time is spent on it. */
enum plain { PLAIN_UNKNOWN, PLAIN_FIT, PLAIN_UNFIT, PLAIN_LEFT };

struct trying {
    struct asker *asker;
    struct terrain *terrain;
    struct trials *trials;
    enum plain plain[INLETS_MAX];
    int64_t spent_us[INLETS_MAX];
};

const char *trial_end_word(enum trial_end end) {
    static const char *const WORDS[] = {"server_error", "down", "no_answer", "hangs", "trace"};
    return end < TRIAL_FINE ? WORDS[end] : "fine";
}

bool trial_is_high(const struct trial_failed *failed) {
    return failed->end == TRIAL_DOWN || (failed->end == TRIAL_ERROR && !failed->edge.input->odd);
}

void trial_done(struct trials *trials) {
    while (trials->failed_count > 0)
        free(trials->failed[--trials->failed_count].line);
}

/* The value, and whether there is one. */
static struct text trial_value(const struct edges_case *edge, struct buf *buf) {
    if (edge->input->kind == EDGES_MISSING)
        return text_make(NULL, 0);
    edges_put(edge, buf);
    return buf->len > 0 ? buf_text(buf) : TEXT("");
}

void trial_line(const struct inlet *inlet, const struct edges_case *edge, struct buf *buf) {
    struct buf value, url;
    bool many = edge->input->kind == EDGES_MANY;
    buf_init(&value, TARGET_MAX_BYTES);
    buf_init(&url, TARGET_MAX_BYTES);
    inlet_put(inlet, many ? text_of(MARK) : trial_value(edge, &value), &url);
    buf_puts(buf, "curl -gsk --path-as-is -o /dev/null -D - ");
    struct text rest = buf_text(&url), part;
    if (!many) {
        shell_quote(buf, buf_str(&url));
    } else if (text_cut(&rest, MARK[0], &part)) {
        url.data[part.len] = '\0';
        shell_quote(buf, url.data);
        buf_putc(buf, '"');
        shell_many(buf, edge->input->value[0], edge->input->count);
        buf_putc(buf, '"');
        if (rest.len > 0)
            shell_quote(buf, rest.ptr);
    }
    buf_done(&value);
    buf_done(&url);
}

static enum trial_end trial_judge(const struct reply *reply, bool is_long) {
    if (!reply->asked || (is_long && reply->err == ERR_PEER))
        return TRIAL_FINE;
    if (reply->err != ERR_OK)
        return reply->err == ERR_TIMEOUT ? TRIAL_HANGS : TRIAL_LOST;
    if (reply->status >= 500)
        return TRIAL_ERROR;
    return reply->sign != NULL ? TRIAL_TRACES : TRIAL_FINE;
}

static void trial_ask(const struct trying *trying, const char *url, struct text target,
                      struct reply *ret_reply) {
    const struct http_request request = {.method = "GET", .url = text_of(url), .target = target};
    reply_ask(trying->asker, &request, &PAGE, ret_reply);
}

/* Asks with a value, and counts the time that it takes. */
static void trial_give(struct trying *trying, size_t inlet, struct text target,
                       struct reply *ret_reply) {
    int64_t start_us = time_mono_us();
    trial_ask(trying, trying->terrain->inlets.items[inlet].url, target, ret_reply);
    trying->spent_us[inlet] += time_mono_us() - start_us;
}

/* Is the plain page fine, as far as it can be asked? */
static bool trial_plain(const struct trying *trying, const struct inlet *inlet) {
    struct reply reply;
    struct url url;
    trial_ask(trying, inlet->url, text_make(NULL, 0), &reply);
    if (reply.asked && reply.err == ERR_OK && url_parse(text_of(inlet->url), &url, NULL) == ERR_OK)
        model_visit(&trying->terrain->model, &url);
    return trial_judge(&reply, false) == TRIAL_FINE;
}

static void trial_keep(const struct trying *trying, const struct edges_case *edge,
                       enum trial_end end, const struct reply *reply) {
    struct trials *trials = trying->trials;
    struct trial_failed failed = {.edge = *edge, .end = end};
    struct buf line;
    trials->failures++;
    trials->high += trial_is_high(&failed);
    if (trials->failed_count == TRIAL_FAILED_MAX)
        return;
    if (end == TRIAL_TRACES)
        snprintf(failed.words, sizeof(failed.words), "gives %s", reply->sign);
    else
        reply_words(reply, failed.words, sizeof(failed.words));
    buf_init(&line, 2 * TARGET_MAX_BYTES);
    trial_line(&trying->terrain->inlets.items[edge->inlet], edge, &line);
    failed.line = buf_take(&line);
    if (failed.line != NULL)
        trials->failed[trials->failed_count++] = failed;
}

/* One case: asked, and what looks bad asked once more. */
static void trial_case(struct trying *trying, const struct edges_case *edge) {
    const struct inlet *inlet = &trying->terrain->inlets.items[edge->inlet];
    struct buf value, url;
    struct reply reply = {.asked = false}, again;
    buf_init(&value, TARGET_MAX_BYTES);
    buf_init(&url, TARGET_MAX_BYTES);
    inlet_put(inlet, trial_value(edge, &value), &url);
    size_t origin = text_find(buf_text(&url), text_of(trying->terrain->origin)) == 0
                        ? text_of(trying->terrain->origin).len
                        : url.len;
    struct text target = text_make(url.data + origin, url.len - origin);
    bool is_long = target.len > LONG_BYTES;
    if (!url.failed && target.len > 0)
        trial_give(trying, edge->inlet, target, &reply);
    trying->trials->tried += reply.asked;
    enum trial_end end = trial_judge(&reply, is_long);
    if (reply.asked && (end != TRIAL_FINE || reply.err != ERR_OK)) {
        trial_give(trying, edge->inlet, target, &again);
        enum trial_end second = trial_judge(&again, is_long);
        bool plain = trial_plain(trying, inlet);
        if (!plain)
            trial_keep(trying, edge, TRIAL_DOWN, &reply);
        else if (end != TRIAL_FINE && second == end)
            trial_keep(trying, edge, end, &reply);
        if (!plain)
            trying->plain[edge->inlet] = PLAIN_UNFIT;
    }
    if (trying->plain[edge->inlet] == PLAIN_FIT &&
        trying->spent_us[edge->inlet] >= (int64_t)TRIAL_INLET_MS * US_PER_MS)
        trying->plain[edge->inlet] = PLAIN_LEFT;
    buf_done(&value);
    buf_done(&url);
}

enum err trial_run(const struct agent *agent, struct asker *asker, struct terrain *terrain,
                   struct trials *trials) {
    struct trying trying = {.asker = asker, .terrain = terrain, .trials = trials};
    struct edges_case edge;
    int64_t seed = 0;
    json_int(json_get(agent->task->root, "seed"), 0, INT64_MAX, &seed);
    trials->seed = (uint64_t)seed;
    for (size_t n = 0; edges_case(trials->seed, terrain->inlets.count, n, &edge); n++) {
        enum plain *plain = &trying.plain[edge.inlet];
        trials->cases++;
        if (*plain == PLAIN_UNKNOWN)
            *plain =
                trial_plain(&trying, &terrain->inlets.items[edge.inlet]) ? PLAIN_FIT : PLAIN_UNFIT;
        if (*plain == PLAIN_FIT)
            trial_case(&trying, &edge);
        else
            trials->unfit += *plain == PLAIN_UNFIT;
    }
    return ERR_OK;
}

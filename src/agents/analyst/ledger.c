/* Joins findings over sessions. Knows no check by name. */
#include "agents/analyst/ledger.h"

#include <stdlib.h>

#include "agnostic/task/role.h"

static const char *const STATE_WORDS[LEDGER_STATE__COUNT] = {"new", "updated", "unchanged",
                                                             "absent", "not_compared"};

const char *ledger_state_word(enum ledger_state state) {
    return STATE_WORDS[state];
}

/* One agent's findings of one session, on their way into the ledger. */
struct ledger_fill {
    const struct runs *runs;
    struct ledger *ledger;
    enum err err;
};

static struct ledger_entry ledger_entry_of(struct text agent, const struct json *finding) {
    struct ledger_entry entry = {
        .check = {agent, runs_text(finding, "check_id"), runs_text(finding, "component")},
        .fingerprint = runs_text(finding, "fingerprint"),
        .title = runs_text(finding, "title"),
        .finding = finding,
        .severity = SEVERITY_INFO};
    (void)severity_read(runs_text(finding, "severity"), &entry.severity);
    entry.advisory = json_bool(json_get(finding, "advisory"), false);
    return entry;
}

static bool ledger_is_same(const struct ledger_entry *entry, const struct json *then) {
    enum severity severity = SEVERITY_INFO;
    (void)severity_read(runs_text(then, "severity"), &severity);
    return severity == entry->severity && runs_is_same(runs_text(then, "title"), entry->title);
}

/* There may have been no room for it in what was kept of that session. */
static bool ledger_was_left_out(const struct run *run, const struct ledger_entry *entry) {
    return json_kind(json_get(runs_of(run, entry->check.agent), "findings_omitted")) == JSON_INT &&
           text_is(runs_status(run, &entry->check), "failed");
}

enum ledger_state ledger_judge(const struct runs *runs, const struct ledger_entry *entry) {
    size_t before = runs_before(runs, &entry->check);
    if (before == 0)
        return LEDGER_FIRST;
    const struct run *run = &runs->items[before];
    const struct json *then = runs_finding(run, entry->check.agent, entry->fingerprint);
    if (then != NULL)
        return ledger_is_same(entry, then) ? LEDGER_UNCHANGED : LEDGER_UPDATED;
    return ledger_was_left_out(run, entry) ? LEDGER_UNCHANGED : LEDGER_NEW;
}

static void ledger_count(const struct runs *runs, struct ledger_entry *entry) {
    for (size_t i = 0; i < runs->count; i++) {
        if (runs_finding(&runs->items[i], entry->check.agent, entry->fingerprint) == NULL)
            continue;
        if (entry->occurrences++ == 0)
            entry->last_seen = runs->items[i].when;
        entry->first_seen = runs->items[i].when;
    }
}

static void ledger_add(struct ledger_fill *fill, struct ledger_entry *entry) {
    struct ledger *ledger = fill->ledger;
    if (ledger->count == LEDGER_MAX)
        return;
    if (ledger->count == ledger->capacity) {
        size_t capacity = ledger->capacity == 0 ? 64 : ledger->capacity * 2;
        struct ledger_entry *grown = realloc(ledger->entries, capacity * sizeof(*grown));
        if (grown == NULL) {
            fill->err = ERR_NOMEM;
            return;
        }
        ledger->entries = grown;
        ledger->capacity = capacity;
    }
    ledger_count(fill->runs, entry);
    ledger->entries[ledger->count++] = *entry;
}

/* --- now -------------------------------------------------------------------------------------- */

/* What an analyst makes of findings is none itself. */
static bool ledger_is_an_analyst(struct text agent) {
    enum role role;
    return role_read(agent, &role) && role == ROLE_QA_ANALYST;
}

static bool ledger_add_now(void *ctx, struct text agent, const struct json *said) {
    struct ledger_fill *fill = ctx;
    const struct json *findings = json_get(said, "findings");
    for (size_t i = 0; i < json_count(findings) && !ledger_is_an_analyst(agent); i++) {
        struct ledger_entry entry = ledger_entry_of(agent, json_at(findings, i));
        entry.state = ledger_judge(fill->runs, &entry);
        ledger_add(fill, &entry);
    }
    return fill->err == ERR_OK;
}

/* --- then ------------------------------------------------------------------------------------- */

/* Gone is what the session before found, when the same check was carried out now as well. */
static bool ledger_is_absent(const struct runs *runs, size_t at, const struct ledger_entry *entry) {
    const struct run *now = &runs->items[0];
    return runs_before(runs, &entry->check) == at &&
           runs_finding(now, entry->check.agent, entry->fingerprint) == NULL &&
           runs_is_measured(runs_status(now, &entry->check)) && !ledger_was_left_out(now, entry);
}

struct ledger_past {
    struct ledger_fill *fill;
    size_t at; /* which run */
};

static bool ledger_add_past(void *ctx, struct text agent, const struct json *said) {
    struct ledger_past *past = ctx;
    struct ledger_fill *fill = past->fill;
    const struct json *findings = json_get(said, "findings");
    for (size_t i = 0; i < json_count(findings) && !ledger_is_an_analyst(agent); i++) {
        struct ledger_entry entry = ledger_entry_of(agent, json_at(findings, i));
        entry.state = LEDGER_ABSENT;
        if (ledger_is_absent(fill->runs, past->at, &entry))
            ledger_add(fill, &entry);
    }
    return fill->err == ERR_OK;
}

/* --- all -------------------------------------------------------------------------------------- */

static int ledger_order(const void *a, const void *b) {
    const struct ledger_entry *x = a, *y = b;
    bool x_absent = x->state == LEDGER_ABSENT, y_absent = y->state == LEDGER_ABSENT;
    if (x_absent != y_absent)
        return x_absent ? 1 : -1;
    if (x->severity != y->severity)
        return x->severity < y->severity ? -1 : 1;
    int by_id = text_order(x->check.id, y->check.id);
    return by_id != 0 ? by_id : text_order(x->check.component, y->check.component);
}

enum err ledger_make(const struct runs *runs, struct ledger *ret_ledger) {
    *ret_ledger = (struct ledger){0};
    struct ledger_fill fill = {runs, ret_ledger, ERR_OK};
    json_each(runs->items[0].agents, ledger_add_now, &fill);
    for (size_t i = 1; i < runs->count && fill.err == ERR_OK; i++) {
        struct ledger_past past = {&fill, i};
        json_each(runs->items[i].agents, ledger_add_past, &past);
    }
    if (ret_ledger->count > 0)
        qsort(ret_ledger->entries, ret_ledger->count, sizeof(*ret_ledger->entries), ledger_order);
    return fill.err;
}

void ledger_done(struct ledger *ledger) {
    free(ledger->entries);
    *ledger = (struct ledger){0};
}

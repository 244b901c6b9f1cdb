/* runners: who works on the queue, as each tells of itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agnostic/base/json.h"
#include "agnostic/store/fleet_store.h"
#include "ctl/command.h"
#include "ctl/local.h"
#include "ctl/terminal.h"

enum { RUNNERS_JSON_MAX_BYTES = 1 << 20, MOMENT_LEN = sizeof("2026-02-21T10:00:00") - 1 };

static const char *state_of(const struct fleet_runner *runner) {
    if (runner->beat_ago_ms > FLEET_RUNNER_FRESH_MS)
        return "silent";
    return runner->draining ? "draining" : "alive";
}

/* One line; slots and seen are texts so that the heading has the same columns. */
static void print_line(const char *name, const char *state, const char *slots, const char *seen,
                       const char *version, const char *started_at, const char *containment) {
    terminal_cell(name, 32);
    terminal_cell(state, sizeof("draining") - 1);
    terminal_cell(slots, sizeof("256/256") - 1);
    terminal_cell(seen, sizeof("86400 s") - 1);
    terminal_cell(version, sizeof("VERSION") - 1);
    terminal_cell(started_at, MOMENT_LEN);
    terminal_put(stdout, text_of(containment[0] ? containment : "-"));
    putchar('\n');
}

static void print_runner(void *ctx, const struct fleet_runner *runner) {
    char slots[48], seen[32], started_at[MOMENT_LEN + 1];
    (void)ctx;
    snprintf(slots, sizeof(slots), "%" PRId64 "/%" PRId64, runner->busy, runner->slots);
    snprintf(seen, sizeof(seen), "%" PRId64 " s", runner->beat_ago_ms / 1000);
    snprintf(started_at, sizeof(started_at), "%.*s", (int)MOMENT_LEN, runner->started_at);
    print_line(runner->name, state_of(runner), slots, seen, runner->version, started_at,
               runner->containment);
}

static void put_runner(void *ctx, const struct fleet_runner *runner) {
    struct json_out *out = ctx;
    json_out_object(out);
    json_out_member(out, "name", runner->name);
    json_out_member(out, "state", state_of(runner));
    json_out_member(out, "version", runner->version);
    json_out_member(out, "host", runner->host);
    json_out_member_int(out, "pid", runner->pid);
    json_out_member_int(out, "slots", runner->slots);
    json_out_member_int(out, "busy", runner->busy);
    json_out_member(out, "started_at", runner->started_at);
    json_out_member(out, "containment", runner->containment);
    json_out_member_int(out, "beat_ago_ms", runner->beat_ago_ms);
    json_out_end_object(out);
}

static enum err print_json(struct store *store) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, RUNNERS_JSON_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_array(&out);
    enum err err = fleet_store_list(store, put_runner, &out);
    json_out_end_array(&out);
    if (err == ERR_OK && buf.failed)
        err = ERR_NOMEM;
    if (err == ERR_OK)
        puts(buf_str(&buf));
    buf_done(&buf);
    return err;
}

static enum err print_table(struct store *store) {
    print_line("RUNNER", "STATE", "BUSY", "SEEN", "VERSION", "STARTED (UTC)", "CONTAINMENT");
    return fleet_store_list(store, print_runner, NULL);
}

int runners_run(const struct settings *settings, const struct options *options) {
    int status = CTL_OK;
    struct store *store = local_open(settings, &status);
    if (!store)
        return status;
    enum err err = options_flag(options, "json") ? print_json(store) : print_table(store);
    if (err != ERR_OK)
        status = local_complain("listing runners", err, store);
    store_free(store);
    return status;
}

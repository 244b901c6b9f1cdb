/* agnostic-runner: takes tasks from Redis and carries them out. */
#include <stdio.h>

#include "agnostic/base/options.h"
#include "runner/runner.h"

static const struct option_row rows[] = {
    {"slots", "N", "Tasks carried out at the same time, 1 to 256 (default 2)."},
    {"drain", NULL, "Work off what is ready and due, then leave (for cron)."},
    {"max-time", "S",
     "With --drain: wait for what falls due within S seconds; stop then, and what is in hand is "
     "ended or handed back."},
    {"help", NULL, "Print this and leave."},
    {"version", NULL, "Print the version and leave."},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static int print_help(void) {
    struct buf buf;
    buf_init(&buf, 1 << 16);
    buf_puts(&buf, "Usage: agnostic-runner [--slots N] [--drain [--max-time S]]\n\n"
                   "Takes QA tasks from Redis, runs their agents as confined children, tells the\n"
                   "results, delivers callbacks, and repairs what crashed. Any number of runners\n"
                   "may work on one Redis.\n\n");
    options_help(rows, ROWS, &buf);
    buf_puts(&buf, "\nSignals: TERM ends it when the tasks in hand have ended, or hands them back\n"
                   "after AGNOSTIC_DRAIN_MS; TERM again hands back at once. HUP reads settings\n"
                   "and manifests again; if they are wrong the old ones stay.\n"
                   "Exit status: 0 stopped or worked off, 64 wrong usage, 75 Redis cannot be\n"
                   "reached (--drain), 78 wrong setting.\n\n"
                   "Settings (environment, or the file at $AGNOSTIC_CONFIG):\n");
    settings_help(&buf, SETUP_SETTINGS, SETUP_SETTINGS_COUNT);
    fputs(buf_str(&buf), stdout);
    buf_done(&buf);
    return 0;
}

static enum err read_order(const struct options *options, struct runner_order *ret_order,
                           struct fault *fault) {
    int64_t slots, max_time_s;
    bool drain = options_flag(options, "drain");
    enum err err =
        options_int(options, "slots", 1, RUNNER_SLOTS_MAX, RUNNER_SLOTS_DEFAULT, &slots, fault);
    if (err == ERR_OK) {
        err = options_int(options, "max-time", 1, 86400, 0, &max_time_s, fault);
    }
    if (err == ERR_OK && options_text(options, "max-time") && !drain) {
        err = fault_set(fault, ERR_USAGE, "--max-time needs --drain");
    }
    if (err == ERR_OK && options_count(options) > 0) {
        err = fault_set(fault, ERR_USAGE, "unexpected operand %s", options_operand(options, 0));
    }
    if (err == ERR_OK) {
        *ret_order = (struct runner_order){(int)slots, drain, max_time_s};
    }
    return err;
}

static int complain(const struct fault *fault) {
    fprintf(stderr, "agnostic-runner: %s\n", fault->text);
    if (fault->err == ERR_USAGE) {
        fputs("agnostic-runner --help says more.\n", stderr);
    }
    return err_exit(fault->err);
}

static int start(const struct runner_order *order) {
    struct setup *setup;
    struct fault fault = {0};
    if (setup_load(&setup, &fault) != ERR_OK) {
        return complain(&fault);
    }
    setup_open_log(setup);
    setup_tell(setup);
    return runner_run(order, setup);
}

int main(int argc, char **argv) {
    struct options *options = NULL;
    struct runner_order order;
    struct fault fault = {0};
    enum err err = options_parse(rows, ROWS, argc, argv, &options, &fault);
    bool help = err == ERR_OK && options_flag(options, "help");
    bool version = err == ERR_OK && options_flag(options, "version");
    if (err == ERR_OK && !help && !version) {
        err = read_order(options, &order, &fault);
    }
    options_free(options);
    if (err != ERR_OK) {
        return complain(&fault);
    }
    if (version) {
        puts("agnostic-runner " AGNOSTIC_VERSION);
        return 0;
    }
    return help ? print_help() : start(&order);
}

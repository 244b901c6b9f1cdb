/* dispatch: finds the command, checks its operands, loads the settings, runs it. */
#include "ctl/dispatch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/manual.h"

enum { MANUAL_MAX_BYTES = 64 << 10 };

/* How many words of argv name this command: all of its own, or 0. */
static int words_of(const struct command *command, int argc, char **argv) {
    struct text rest = text_of(command->name), word;
    int count = 0;
    while (text_cut(&rest, ' ', &word)) {
        if (count + 1 >= argc || !text_is(word, argv[count + 1]))
            return 0;
        count++;
    }
    return count;
}

static const struct command *find(int argc, char **argv, int *ret_words) {
    for (size_t i = 0; i < COMMANDS_COUNT; i++) {
        int words = words_of(&COMMANDS[i], argc, argv);
        if (words > 0) {
            *ret_words = words;
            return &COMMANDS[i];
        }
    }
    return NULL;
}

static int print_manual(const struct command *command) {
    struct buf page;
    buf_init(&page, MANUAL_MAX_BYTES);
    manual_put(&page, command);
    bool written = !page.failed && fputs(buf_str(&page), stdout) >= 0 && fflush(stdout) == 0;
    buf_done(&page);
    return written ? CTL_OK : err_exit(ERR_IO);
}

static int complain(const struct command *command, const char *why) {
    struct buf line;
    buf_init(&line, MANUAL_MAX_BYTES);
    fprintf(stderr, "agnosticctl: %s\n", why);
    if (command) {
        manual_synopsis(&line, command);
        fprintf(stderr, "usage: %s", buf_str(&line));
        fprintf(stderr, "see agnosticctl %s --help\n", command->name);
    } else {
        fputs("see agnosticctl --help\n", stderr);
    }
    buf_done(&line);
    return CTL_USAGE;
}

/* What could not be written was not done for whoever asked; a reader that left has had enough. */
static int deliver(int status) {
    errno = 0;
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (written || errno == EPIPE)
        return status;
    fprintf(stderr, "agnosticctl: standard output cannot be written%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return status == CTL_OK ? err_exit(ERR_IO) : status;
}

static int run_with(const struct command *command, const struct options *options) {
    struct settings *settings = NULL;
    struct fault fault = {0};
    if (command->needs_settings && settings_load(&settings, &fault) != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return err_exit(fault.err);
    }
    int status = command->run(settings, options);
    settings_free(settings);
    return deliver(status);
}

static int run_command(const struct command *command, int argc, char **argv) {
    struct options *options;
    struct fault fault = {0};
    int status;
    if (options_parse(command->options, command->options_count, argc, argv, &options, &fault) !=
        ERR_OK)
        return complain(command, fault.text);
    if (options_flag(options, "help"))
        status = print_manual(command);
    else if (options_count(options) < command->operands_min)
        status = complain(command, "something is missing");
    else if (options_count(options) > command->operands_max)
        status = complain(command, "there is one word too many");
    else
        status = run_with(command, options);
    options_free(options);
    return status;
}

int dispatch_run(int argc, char **argv) {
    int words = 0;
    const struct command *command = find(argc, argv, &words);
    if (command)
        return run_command(command, argc - words, argv + words);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("agnosticctl " AGNOSTIC_VERSION) < 0 ? err_exit(ERR_IO) : CTL_OK;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
        return print_manual(NULL);
    return complain(NULL, argc < 2 ? "no command" : "no such command");
}

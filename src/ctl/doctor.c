/* doctor: the walk and its words. The stations are the other files of that name. */
#include "ctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "ctl/command.h"
#include "ctl/terminal.h"

enum { PART_WIDTH = 16, DOCTOR_TEXT_SIZE = 1024 };

__attribute__((format(printf, 3, 0))) static void put(const char *word, const char *part,
                                                      const char *format, va_list args) {
    char text[DOCTOR_TEXT_SIZE];
    vsnprintf(text, sizeof(text), format, args);
    printf("%-5s %-*s ", word, PART_WIDTH, part);
    terminal_put(stdout, text_of(text));
    putchar('\n');
}

void doctor_ok(struct doctor *doctor, const char *part, const char *format, ...) {
    va_list args;
    (void)doctor;
    va_start(args, format);
    put("ok", part, format, args);
    va_end(args);
}

void doctor_note(struct doctor *doctor, const char *part, const char *format, ...) {
    va_list args;
    (void)doctor;
    va_start(args, format);
    put("note", part, format, args);
    va_end(args);
}

void doctor_fail(struct doctor *doctor, const char *part, const char *mend, const char *format,
                 ...) {
    va_list args;
    doctor->failed = true;
    va_start(args, format);
    put("FAIL", part, format, args);
    va_end(args);
    printf("%-5s %-*s to mend: %s\n", "", PART_WIDTH, "", mend);
}

static void (*const STATIONS[])(struct doctor *doctor) = {
    doctor_service_web,           doctor_service_ready, doctor_service_key,
    doctor_service_authorization, doctor_store_redis,   doctor_files,
};

int doctor_run(const struct settings *settings, const struct options *options) {
    struct doctor doctor = {.settings = settings};
    struct fault fault = {0};
    (void)options;
    enum err err = client_new(settings, &doctor.client, &fault);
    if (err != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return err_exit(err);
    }
    for (size_t i = 0; i < sizeof(STATIONS) / sizeof(STATIONS[0]); i++)
        STATIONS[i](&doctor);
    client_free(doctor.client);
    puts(doctor.failed ? "something is wrong: see the lines that say FAIL" : "all is well");
    return doctor.failed ? CTL_REFUSED : CTL_OK;
}

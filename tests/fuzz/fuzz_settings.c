/* fuzz_settings: a settings file, and behind a NUL one variable of the environment. */
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_make((const char *)data, size), file = {NULL, 0};
    struct settings *settings;
    struct fault fault = {ERR_OK, ""};
    if (!text_cut(&rest, '\0', &file))
        return 0;
    char *variable = text_dup(rest);
    const char *const env[] = {variable, NULL};
    enum err err = settings_read(file, "fuzz", env, &settings, &fault);
    if (err == ERR_OK) {
        if (settings_int(settings, SETTINGS_BEAT_MS) >
            settings_int(settings, SETTINGS_LEASE_MS) / 2)
            abort();
        settings_free(settings);
    } else if (err != ERR_CONFIG || strlen(fault.text) == 0) {
        abort();
    }
    free(variable);
    return 0;
}

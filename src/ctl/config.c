/* config: the sample of the settings file, from the table of settings itself. */
#include <stdio.h>

#include "ctl/command.h"

enum { SAMPLE_MAX_BYTES = 64 << 10 };

int config_sample(const struct settings *settings, const struct options *options) {
    struct buf sample;
    (void)settings;
    (void)options;
    buf_init(&sample, SAMPLE_MAX_BYTES);
    settings_sample(&sample);
    bool written = !sample.failed && fputs(buf_str(&sample), stdout) >= 0 && fflush(stdout) == 0;
    buf_done(&sample);
    return written ? CTL_OK : err_exit(ERR_IO);
}

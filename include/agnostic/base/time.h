/* time: the two clocks, and the original's ways of writing a moment.
 * Milliseconds everywhere, int64_t; microseconds only where written out. */
#ifndef AGNOSTIC_BASE_TIME_H
#define AGNOSTIC_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agnostic/base/text.h"

enum { TIME_ISO_SIZE = 40 };

/* Wall clock, microseconds since 1970 UTC. Only for what people and records read. */
int64_t time_wall_us(void);
/* Monotonic clock, ms. For every deadline. */
int64_t time_mono_ms(void);
int64_t time_mono_us(void);

/* time_iso_utc(us, dst): Python's aware isoformat, "2026-02-21T10:00:00.123456+00:00";
 * the fraction is left out when it is 0. */
void time_iso_utc(int64_t us, char dst[static TIME_ISO_SIZE]);
/* time_iso_local(us, dst): Python's naive isoformat of local time (API key records). */
void time_iso_local(int64_t us, char dst[static TIME_ISO_SIZE]);
/* time_rfc3339_ms(us, dst): "2026-02-21T10:00:00.123Z" (agent lines, logs). */
void time_rfc3339_ms(int64_t us, char dst[static TIME_ISO_SIZE]);
/* time_parse_iso(text, &us): any of the above and any RFC 3339 moment; a moment
 * without offset is taken as UTC. false when it is not one. */
bool time_parse_iso(struct text text, int64_t *ret_us);

/* time_sleep_ms(ms): sleeps; a signal ends it early. */
void time_sleep_ms(int64_t ms);

#endif

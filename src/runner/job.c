/* What one task in hand has come to so far. */
#include "runner/job.h"

#include "agnostic/base/time.h"
#include "agnostic/task/result.h"

enum err job_put_results(const struct job *job, size_t count, struct buf *buf) {
    char iso[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), iso);
    return result_put(buf, job->session_id, iso, &job->request,
                      (const struct outcome *const *)job->outcomes, count);
}

/* ceiling_submit: the least that a submit can cost: one EVALSHA of src/store/scripts/submit.lua
 * with ready-made arguments of the size scripts/bench posts, only the id fresh. */
#ifndef BENCH_CEILING_SUBMIT_H
#define BENCH_CEILING_SUBMIT_H

#include <fcgiapp.h>
#include <hiredis/hiredis.h>

/* ceiling_submit_load(redis): makes the script known; exits with 1 when Redis refuses it. */
void ceiling_submit_load(redisContext *redis);
/* ceiling_submit(request, redis): stores a pending task and answers its record. */
void ceiling_submit(FCGX_Request *request, redisContext *redis);

#endif

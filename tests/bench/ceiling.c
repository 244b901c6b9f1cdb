/* ceiling: the least a FastCGI worker of this architecture can do, to compare with.
 *
 *   ceiling fixed                       a fixed answer
 *   ceiling mget SOCKET KEY KEY         one MGET, answers the second value
 *   ceiling submit SOCKET               one EVALSHA of our own submit script
 *
 * Runs on a listening socket at fd 0 (spawn-fcgi -F N). No checks, no routing, no log:
 * it is a ceiling, not a server. */
#include <fcgiapp.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceiling_submit.h"

static redisContext *redis_open(const char *socket) {
    redisContext *redis = redisConnectUnix(socket);
    if (redis == NULL || redis->err != 0) {
        fprintf(stderr, "ceiling: no Redis at %s\n", socket);
        exit(1);
    }
    return redis;
}

static void answer(FCGX_Request *request, int status, const char *body, size_t len) {
    FCGX_FPrintF(request->out,
                 "Status: %d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                 status, (int)len);
    FCGX_PutStr(body, (int)len, request->out);
}

static void serve_fixed(FCGX_Request *request) {
    static const char body[] = "{\"task_id\":\"0\",\"session_id\":\"0\",\"status\":\"pending\"}";
    answer(request, 200, body, sizeof(body) - 1);
}

static void serve_mget(FCGX_Request *request, redisContext *redis, char **keys) {
    const char *argv[] = {"MGET", keys[0], keys[1]};
    redisReply *reply = redisCommandArgv(redis, 3, argv, NULL);
    bool good = reply != NULL && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
                reply->element[1]->type == REDIS_REPLY_STRING;
    if (good)
        answer(request, 200, reply->element[1]->str, reply->element[1]->len);
    else
        answer(request, 500, "{}", 2);
    if (reply != NULL)
        freeReplyObject(reply);
}

int main(int argc, char **argv) {
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1);
    const char *mode = argc > 1 ? argv[1] : "";
    redisContext *redis = argc > 2 ? redis_open(argv[2]) : NULL;
    if (strcmp(mode, "submit") == 0 && redis != NULL)
        ceiling_submit_load(redis);
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
        return 1;
    while (FCGX_Accept_r(&request) == 0) {
        char body[4096];
        int len = 0, got;
        while ((got = FCGX_GetStr(body + len, (int)sizeof(body) - len, request.in)) > 0)
            len += got;
        if (strcmp(mode, "mget") == 0 && argc == 5)
            serve_mget(&request, redis, argv + 3);
        else if (strcmp(mode, "submit") == 0 && redis != NULL)
            ceiling_submit(&request, redis);
        else
            serve_fixed(&request);
        FCGX_Finish_r(&request);
    }
    return 0;
}

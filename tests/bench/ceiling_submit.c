/* ceiling_submit: see the header. Sends what task_store_submit sends, by hand. */
#include "ceiling_submit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/id.h"
#include "store/script.h"

#define OWNER "api-key-user"
#define PER_MIN "10000000" /* the quota is counted, and never reached */
#define SESSION "session_20260221_100000_00000000"
#define MOMENT "2026-02-21T10:00:00.123456+00:00"
#define SPEC                                                                                       \
    "{\"title\":\"Bench\",\"description\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"   \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"target_url\":null," \
    "\"priority\":\"high\",\"standards\":[],\"agents\":[\"performance\"],\"business_goals\":"      \
    "\"Ensure quality and functionality\",\"constraints\":\"Standard testing environment\"}"

void ceiling_submit_load(redisContext *redis) {
    redisReply *reply =
        redisCommand(redis, "SCRIPT LOAD %b", script_submit.text.ptr, script_submit.text.len);
    if (reply == NULL || reply->type != REDIS_REPLY_STRING) {
        fprintf(stderr, "ceiling: Redis refuses the script\n");
        exit(1);
    }
    freeReplyObject(reply);
}

void ceiling_submit(FCGX_Request *request, redisContext *redis) {
    char id[ID_UUID_SIZE], key[64], head[160], record[512];
    const char *middle = "\",\"created_at\":\"" MOMENT "\",\"updated_at\":\"";
    if (id_uuid4(id) != ERR_OK)
        exit(1);
    snprintf(key, sizeof(key), "task:%s", id);
    snprintf(head, sizeof(head), "{\"task_id\":\"%s\",\"session_id\":\"" SESSION "\",\"status\":\"",
             id);
    int len =
        snprintf(record, sizeof(record), "%spending%s" MOMENT "\",\"result\":null}", head, middle);
    const char *argv[] = {"EVALSHA", script_submit.sha, "16",
                          /* keys */
                          key, "q:ready:high", "q:bell", "open:" OWNER, "idx:tasks",
                          "idx:owner:" OWNER, "q:drain", "rl:submit:" OWNER, "q:seq", "q:stats",
                          "q:expiry", "q:delayed", "q:ready:critical", "q:ready:high",
                          "q:ready:medium", "q:ready:low",
                          /* what is submitted, limits, nothing that would make it the same */
                          id, record, SPEC, head, middle, "high", OWNER, "1800000", "0", "0",
                          PER_MIN, "0", "", "", "", ""};
    redisReply *reply = redisCommandArgv(redis, sizeof(argv) / sizeof(argv[0]), argv, NULL);
    bool good = reply != NULL && reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 &&
                reply->element[0]->str != NULL && strcmp(reply->element[0]->str, "ok") == 0;
    FCGX_FPrintF(request->out,
                 "Status: %d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                 good ? 200 : 500, len);
    FCGX_PutStr(record, len, request->out);
    if (reply != NULL)
        freeReplyObject(reply);
}

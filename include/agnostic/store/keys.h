/* keys: every key of ours in Redis, by name. Nothing else spells one out in C; the
 * scripts get theirs as KEYS or build them from the ids they hold, listed here too.
 *
 *   key                        type    lives        holds
 *   task:<id>                  string  24 h         the six-field record (re-armed while live)
 *   task:<id>:meta             hash    live + 24 h  scheduling truth: state, prio, owner, ...
 *   task:<id>:spec             string  live + 24 h  the validated request, without callback
 *   task:<id>:cb               hash    live + 24 h  url, secret of the callback
 *   task:<id>:events           stream  live + 24 h  history
 *   task:<id>:log              string  live + 24 h  what its agents said, <= 1 MiB
 *   task:<id>:artifacts        hash    live + 24 h  name -> "media type\nsha256\n" and bytes, <= 4
 * MiB gone:<id>                  string  30 d         tombstone: state it ended in, when
 *   idem:<owner>:<sha256>      string  24 h         fingerprint, id (joined) of Idempotency-Key
 *   uniq:<sha256>              string  live <= 7 d  id of the live task that equal ones join
 *   rl:submit:<owner>          string  <= 1 min     submits of an owner (GCRA)
 *   rl:ping:<owner>            string  1 min        webhook tests of an owner
 *   q:ready:<priority>         list    -            ids, pushed left, taken right
 *   q:proc:<slot>              list    -            ids that slot holds
 *   q:slots                    set     -            slots whose list may hold ids
 *   q:lease                    zset    -            id -> end of lease, ms
 *   q:delayed                  zset    -            id -> due, ms
 *   q:dead                     zset    trimmed      failed for good
 *   q:expiry                   zset    -            id -> end of its wait for a first start, ms
 *   q:seq                      hash    -            priority -> enqueue numbers given out
 *   q:stats                    hash    -            counts of what the scripts did
 *   q:bell                     list    <= 64        wake-ups for idle slots
 *   q:claims                   string  -            claim counter (fairness slot)
 *   q:paused, q:drain          string  -            claim stops; submit is refused
 *   q:damaged:<key>            any     30 d         a key that was of a wrong type
 *   q:runners                  zset    1 day each   runner -> last beat, ms
 *   runner:<name>              hash    1 day        what fleet_store tells of a runner
 *   open:<owner>               set     -            live ids of an owner
 *   idx:tasks, idx:owner:<o>   zset    trimmed      listing
 *   wh:due                     zset    -            id -> due, ms
 *   wh:busy                    zset    <= 1 min     id and host of what is being delivered -> end
 *                                                   of its hold, ms
 *   wh:<id>                    hash    3 d          how the delivery goes, and its last attempts
 *   wh:host:<host[:port]>      hash    <= 70 min    straight failures of a receiver (circuit)
 *   wh:hosts                   zset    2 h          those receivers -> last failure, ms
 *   target:<sha256>            hash    1 day        tokens of claims that hold a target -> mode,
 *                                                   end of the hold, ms (target_store.h)
 *   target:<sha256>:alone,
 *   target:<sha256>:shared     zset    1 day        ids that wait for it -> their turn, ms
 *   hist:session:<session>     hash    history days summary of a finished task, owner
 *   hist:target:<sha256>       zset    history days session -> when it ended, ms
 *   hist:day:<date>            hash    history days checks of that day (UTC), by how they ended
 *   api_key:<sha256>           string  -            API key record (the original's)
 *   api_key_id:<id>            string  -            the sha256
 *   api_keys:index             set     -            ids
 *   blacklist_token:<sha256>   string  <= 24 h      revoked Bearer token
 *   agent:<name>:status        string  -            last_heartbeat of an agent (the original's)
 */
#ifndef AGNOSTIC_STORE_KEYS_H
#define AGNOSTIC_STORE_KEYS_H

enum {
    KEYS_SIZE = 192,         /* longest key with NUL */
    KEYS_TASK_TTL_S = 86400, /* from the last change; this and the next stand in the scripts too */
    KEYS_BELL_MAX = 64,
    KEYS_WEBHOOK_TTL_S = 259200
};

#define KEYS_TASK "task:%s"
#define KEYS_TASK_META "task:%s:meta"
#define KEYS_TASK_SPEC "task:%s:spec"
#define KEYS_TASK_CALLBACK "task:%s:cb"
#define KEYS_TASK_EVENTS "task:%s:events"
#define KEYS_TASK_LOG "task:%s:log"
#define KEYS_TASK_ARTIFACTS "task:%s:artifacts"
#define KEYS_GONE "gone:%s"
#define KEYS_IDEMPOTENCY "idem:%s:%s"
#define KEYS_UNIQUE "uniq:%s"
#define KEYS_RATE "rl:submit:%s"
#define KEYS_PINGS "rl:ping:%s"
#define KEYS_READY "q:ready:%s"
#define KEYS_PROC "q:proc:%s"
#define KEYS_SLOTS "q:slots"
#define KEYS_LEASE "q:lease"
#define KEYS_DELAYED "q:delayed"
#define KEYS_DEAD "q:dead"
#define KEYS_EXPIRY "q:expiry"
#define KEYS_SEQ "q:seq"
#define KEYS_STATS "q:stats"
#define KEYS_BELL "q:bell"
#define KEYS_CLAIMS "q:claims"
#define KEYS_PAUSED "q:paused"
#define KEYS_DRAIN "q:drain"
#define KEYS_RUNNERS "q:runners"
#define KEYS_RUNNER "runner:%s"
#define KEYS_OPEN "open:%s"
#define KEYS_INDEX "idx:tasks"
#define KEYS_INDEX_OWNER "idx:owner:%s"
#define KEYS_WEBHOOK_DUE "wh:due"
#define KEYS_WEBHOOK_BUSY "wh:busy"
#define KEYS_WEBHOOK_HOSTS "wh:hosts"
#define KEYS_WEBHOOK "wh:%s"
#define KEYS_HOLD "target:%s"
#define KEYS_HOLD_ALONE "target:%s:alone"
#define KEYS_HOLD_SHARED "target:%s:shared"
#define KEYS_SESSION "hist:session:%s"
#define KEYS_TARGET "hist:target:%s"
#define KEYS_API_KEY "api_key:%s"
#define KEYS_API_KEY_ID "api_key_id:%s"
#define KEYS_API_KEYS "api_keys:index"
#define KEYS_BLACKLIST "blacklist_token:%s"
#define KEYS_AGENT_STATUS "agent:%s:status"

#endif

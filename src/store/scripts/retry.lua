#!lua flags=allow-oom
-- retry: this attempt came to nothing; another one later, or failed when all are used up.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 delay_ms  4 result, if this was the last  5 attempts_max
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
local fails = t.fails + 1
call('HSET', t.meta, 'fails', fails)
if fails >= tonumber(ARGV[5]) then
    bury(t, 'exhausted', ARGV[4], 'fails', fails)
else
    free(t)
    call('HDEL', t.meta, 'expire_ms')
    call('ZADD', DELAYED, now + tonumber(ARGV[3]), t.id)
    count('retried')
    tell(t, 'pending', 'retry', 'fails', fails, 'in_ms', ARGV[3])
end
return 'ok'

#!lua flags=allow-oom
-- finish: the end of a task, told by the slot that owns it, and what is remembered of it.
-- KEYS  1-7 of lib/task  8 hist:target:<target> (when there is something to remember)
-- ARGV  1 id  2 token  3 completed|failed  4 result
--       5 session  6 summary  7 sessions kept of a target  8 s it is remembered
--       9.. what, n, what, n: checks by how they ended
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
finish(t, ARGV[3], ARGV[4])

-- No reason to fail: the task has ended.
local function remember(session, summary, most, ttl_s)
    local kept, day = 'hist:session:' .. session, 'hist:day:' .. string.sub(iso(), 1, 10)
    pcall('HSET', kept, 'owner', t.owner, 'summary', summary)
    pcall('EXPIRE', kept, ttl_s)
    pcall('ZADD', KEYS[8], now, session)
    for _, old in ipairs(pcall('ZRANGE', KEYS[8], 0, -most - 1)) do
        pcall('DEL', 'hist:session:' .. old)
    end
    pcall('ZREMRANGEBYRANK', KEYS[8], 0, -most - 1)
    pcall('EXPIRE', KEYS[8], ttl_s)
    for i = 9, #ARGV, 2 do pcall('HINCRBY', day, ARGV[i], ARGV[i + 1]) end
    pcall('EXPIRE', day, ttl_s)
end
if KEYS[8] then remember(ARGV[5], ARGV[6], ARGV[7], ARGV[8]) end
return 'ok'

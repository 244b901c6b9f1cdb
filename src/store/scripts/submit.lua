#!lua
-- submit: a new task, pending, at the tail of its list. Refused as a whole when Redis is full.
-- KEYS  1 task:<id>  2 q:ready:<prio>  3 q:bell  4 open:<owner>  5 idx:tasks
--       6 idx:owner:<owner>  7 q:drain
-- ARGV  1 id  2 record  3 spec  4 head  5 middle  6 prio  7 owner  8 run_timeout_ms
--       9 queue_max  10 open_max (0: no limit)  11 callback url, 12 its secret (both may be absent)
-- Gives ok | clash (id taken) | full (queue, or draining) | open (too many of this owner)
-- include: clock
local KEEP_MS, TRIM_MAX, BELL_MAX, EVENTS_MAX = 90000000, 4, 64, 1000
local call = redis.call
local meta, callback = KEYS[1] .. ':meta', KEYS[1] .. ':cb'

local queue_max, open_max = tonumber(ARGV[9]), tonumber(ARGV[10])
if call('EXISTS', KEYS[7]) == 1 then return 'full' end
if call('EXISTS', KEYS[1], meta, callback) > 0 then return 'clash' end
local waiting, open, rings = call('LLEN', KEYS[2]), call('SCARD', KEYS[4]), call('LLEN', KEYS[3])
if queue_max > 0 and waiting >= queue_max then return 'full' end
if open_max > 0 and open >= open_max then return 'open' end
-- Each submit drops a few entries that outlived their tasks, so the indexes stay bounded.
for i = 5, 6 do
    local old = call('ZRANGEBYSCORE', KEYS[i], '-inf', now - KEEP_MS, 'LIMIT', 0, TRIM_MAX)
    if #old > 0 then call('ZREM', KEYS[i], unpack(old)) end
end

call('SET', KEYS[1], ARGV[2], 'EX', 86400)
call('SET', KEYS[1] .. ':spec', ARGV[3])
call('HSET', meta, 'state', 'pending', 'prio', ARGV[6], 'owner', ARGV[7], 'head', ARGV[4],
     'middle', ARGV[5], 'run_timeout_ms', ARGV[8], 'created_ms', now, 'ready_ms', now)
if ARGV[11] then
    call('HSET', callback, 'url', ARGV[11])
    if ARGV[12] then call('HSET', callback, 'secret', ARGV[12]) end
end
call('SADD', KEYS[4], ARGV[1])
call('ZADD', KEYS[5], now, ARGV[1])
call('ZADD', KEYS[6], now, ARGV[1])
call('PEXPIRE', KEYS[6], KEEP_MS)
redis.pcall('XADD', KEYS[1] .. ':events', 'MAXLEN', '~', EVENTS_MAX, '*', 'ev', 'pending')
call('LPUSH', KEYS[2], ARGV[1])
if rings < BELL_MAX then call('LPUSH', KEYS[3], '1') end
return 'ok'

#!lua flags=allow-oom
-- fleet_beat: a runner lives; runners silent for a day are forgotten.
-- KEYS  1 q:runners  2 runner:<name>  3.. agent:<name>:status of the agents it can run
-- ARGV  1 name  2 how many of the next are fields and values of the runner; the rest are the
--       status of each agent, JSON
-- Gives ok
-- include: clock
local DAY_MS = 86400000
local fields = tonumber(ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - DAY_MS)
if redis.call('TYPE', KEYS[2]).ok ~= 'hash' then redis.call('DEL', KEYS[2]) end -- damaged
redis.call('HSET', KEYS[2], unpack(ARGV, 3, 2 + fields))
redis.call('PEXPIRE', KEYS[2], DAY_MS)
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[fields + i]) end
return 'ok'

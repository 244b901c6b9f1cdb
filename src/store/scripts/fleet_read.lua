#!lua flags=no-writes
-- fleet_read: who is alive, by Redis' clock.
-- KEYS  1 q:runners  2.. agent:<name>:status
-- ARGV  1 fresh_ms
-- Gives {ok, now in ms, runners that beat within fresh_ms, ms since the newest beat (-1: none),
--        status or nil of each agent}
-- include: clock
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local answer = {'ok', now, redis.call('ZCOUNT', KEYS[1], now - tonumber(ARGV[1]), '+inf'),
                newest[2] and math.max(0, now - tonumber(newest[2])) or -1}
for i = 2, #KEYS do
    local status = redis.pcall('GET', KEYS[i]) -- others may write these keys: no string, no status
    answer[#answer + 1] = type(status) == 'string' and status
end
return answer

#!lua flags=no-writes
-- fleet_read: who is alive, by Redis' clock.
-- KEYS  1 q:runners  2.. agent:<name>:status
-- ARGV  1 fresh_ms  2 runners_max
-- Gives {ok, now in ms, runners that beat within fresh_ms, their slots, those that are busy,
--        ms since the newest beat (-1: none), status or nil of each agent}
-- include: clock
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local alive = redis.call('ZRANGEBYSCORE', KEYS[1], now - tonumber(ARGV[1]), '+inf',
                         'LIMIT', 0, ARGV[2])
local slots, busy = 0, 0
for _, name in ipairs(alive) do
    local has = redis.pcall('HMGET', 'runner:' .. name, 'slots', 'busy') -- damaged: as if empty
    slots, busy = slots + (tonumber(has[1]) or 0), busy + (tonumber(has[2]) or 0)
end
local answer = {'ok', now, #alive, slots, busy,
                newest[2] and math.max(0, now - tonumber(newest[2])) or -1}
for i = 2, #KEYS do
    local status = redis.pcall('GET', KEYS[i]) -- others may write these keys: no string, no status
    answer[#answer + 1] = type(status) == 'string' and status
end
return answer

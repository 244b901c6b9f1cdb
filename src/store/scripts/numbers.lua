#!lua flags=no-writes
-- numbers: the queue at one moment, by Redis' clock. What is damaged counts as nothing.
-- KEYS  1 q:delayed  2 q:lease  3 q:paused  4 q:drain  5 q:stats
--       6.. q:ready:critical, :high, :medium, :low
-- Gives {ok, length of each list, age of each head in ms (0: empty), delayed, leased, paused,
--        draining, name, number, name, number, ...}
-- include: clock
local pcall = redis.pcall
local function n(...)
    local answer = pcall(...)
    return type(answer) == 'number' and answer or 0
end

local answer = {'ok'}
for i = 6, #KEYS do answer[#answer + 1] = n('LLEN', KEYS[i]) end
for i = 6, #KEYS do
    local head = pcall('LINDEX', KEYS[i], -1)
    local since = type(head) == 'string' and pcall('HGET', 'task:' .. head .. ':meta', 'created_ms')
    answer[#answer + 1] = math.max(0, now - (tonumber(since) or now))
end
for _, count in ipairs({n('ZCARD', KEYS[1]), n('ZCARD', KEYS[2]), n('EXISTS', KEYS[3]),
                        n('EXISTS', KEYS[4])}) do
    answer[#answer + 1] = count
end
for _, word in ipairs(pcall('HGETALL', KEYS[5])) do answer[#answer + 1] = word end
return answer

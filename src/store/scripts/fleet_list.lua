#!lua flags=no-writes
-- fleet_list: every runner seen within a day, the last seen first.
-- KEYS  1 q:runners
-- ARGV  1 runners_max  2.. the fields wanted of each
-- Gives {ok, {name, ms since its last beat, field or nil...}...}
-- include: clock
local answer = {'ok'}
local seen = redis.call('ZREVRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1, 'WITHSCORES')
for i = 1, #seen, 2 do
    local row = {seen[i], math.max(0, now - tonumber(seen[i + 1]))}
    local has = redis.pcall('HMGET', 'runner:' .. seen[i], unpack(ARGV, 2)) -- damaged: as if empty
    for field = 1, #ARGV - 1 do row[#row + 1] = has[field] or '' end
    answer[#answer + 1] = row
end
return answer

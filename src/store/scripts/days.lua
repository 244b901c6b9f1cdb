#!lua flags=no-writes
-- days: what is counted by day. What is damaged counts as nothing.
-- ARGV  dates (not KEYS: those would ask for the right to write)
-- Gives {ok, {what, n, what, n, ...}, ...}, in the order of the dates
local answer = {'ok'}
for i, date in ipairs(ARGV) do
    local counts = redis.pcall('HGETALL', 'hist:day:' .. date)
    answer[i + 1] = counts.err and {} or counts
end
return answer

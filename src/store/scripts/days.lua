#!lua flags=no-writes
-- days: what is counted by day. What is damaged counts as nothing.
-- KEYS  hist:day:<date>, one a day
-- Gives {ok, {what, n, what, n, ...}, ...}, in the order of the keys
local answer = {'ok'}
for i, key in ipairs(KEYS) do
    local counts = redis.pcall('HGETALL', key)
    answer[i + 1] = counts.err and {} or counts
end
return answer

#!lua flags=no-writes
-- list: some tasks of an index, the newest first; records without their results, which may be large.
-- KEYS  1 idx:tasks or idx:owner:<owner>
-- ARGV  1 what is too new, as ZCOUNT's lower bound ('': nothing)  2 how many more were seen already
--       3 rows  4 how old, as ZCOUNT's lower bound  5 how new, as its upper bound
-- Gives {ok, tasks of that age, {ms, record without its result, spec}...}; '' for what is not there
-- include: clock
local HEAD_BYTES = 1024
local call, pcall = redis.call, redis.pcall
local seen = (ARGV[1] ~= '' and call('ZCOUNT', KEYS[1], ARGV[1], '+inf') or 0) + ARGV[2]
local answer = {'ok', call('ZCOUNT', KEYS[1], ARGV[4], ARGV[5])}

-- head(id): of a task that lives, even if its record lapsed.
local function head(id)
    local start = pcall('GETRANGE', 'task:' .. id, 0, HEAD_BYTES - 1)
    local record = type(start) == 'string' and string.match(start, '^(.-),"result":')
    if record then return record .. '}' end
    local m = pcall('HMGET', 'task:' .. id .. ':meta', 'state', 'head', 'middle')
    local lives = (m[1] == 'pending' or m[1] == 'running') and m[2] and m[3]
    return lives and m[2] .. m[1] .. m[3] .. iso() .. '"}' or ''
end

local ids = call('ZREVRANGE', KEYS[1], seen, seen + ARGV[3] - 1, 'WITHSCORES')
for i = 1, #ids, 2 do
    local spec = pcall('GET', 'task:' .. ids[i] .. ':spec')
    answer[#answer + 1] = {ids[i + 1], head(ids[i]), type(spec) == 'string' and spec or ''}
end
return answer

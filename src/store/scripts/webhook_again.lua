#!lua flags=allow-oom
-- webhook_again: one attempt more, now, under the same id; what was left of the schedule stays.
-- The key with the secret is built here: the web tier's user may not name it, only write to it.
-- KEYS  1 wh:due  2 wh:<id>  3 task:<id>:meta
-- ARGV  1 id
-- Gives ok | {ended}: there is no callback, or the task has not ended
-- include: clock
-- include: webhook
local ENDED = {completed = true, failed = true, cancelled = true}
local state = pcall('HGET', KEYS[3], 'state')
if type(state) ~= 'string' or not ENDED[state] or call('EXISTS', 'task:' .. ARGV[1] .. ':cb') == 0 then return {'ended'} end
call('ZCARD', KEYS[1])
local had = pcall('HMGET', KEYS[2], 'state', 'step')
if had.err then
    call('DEL', KEYS[2])
    had = {}
end
if had[1] == 'sending' then
    call('HSET', KEYS[2], 'again', '1')
else
    call('HSET', KEYS[2], 'state', 'waiting', 'due_ms', now, 'at', iso(),
         'step', step_back(tonumber(had[2]) or 0))
    call('ZADD', KEYS[1], now, ARGV[1])
end
call('EXPIRE', KEYS[2], LIFE_S)
return 'ok'

#!lua
-- log: whole lines for a task's log, until it is full: the last line says so. Refused when Redis is
-- full; the task goes on without it.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 lines  4 bytes kept, with the last line  5 that last line
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
local log, lines = t.key .. ':log', ARGV[3]
if call('HGET', t.meta, 'log_cut') then return 'ok' end
local room = tonumber(ARGV[4]) - #ARGV[5] - call('STRLEN', log)
if #lines > room then
    while room > 0 and lines:sub(room, room) ~= '\n' do room = room - 1 end
    lines = lines:sub(1, math.max(room, 0)) .. ARGV[5]
    call('HSET', t.meta, 'log_cut', now)
end
call('APPEND', log, lines)
return 'ok'

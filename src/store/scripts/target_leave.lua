#!lua flags=allow-oom
-- target_leave: a claim needs its target no longer, whatever has become of its task.
-- KEYS  1-7 of lib/task  8-10 of lib/target
-- ARGV  1 token  2 places
-- Gives ok
-- include: clock
-- include: task
-- include: target
local mode = holders[ARGV[1]]
call('HDEL', HOLDERS, ARGV[1])
if mode then holding[mode] = holding[mode] - 1 end
wake(tonumber(ARGV[2]))
return 'ok'

#!lua flags=allow-oom
-- finish: the end of a task, told by the slot that owns it.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 completed|failed  4 result
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
finish(t, ARGV[3], ARGV[4])
return 'ok'

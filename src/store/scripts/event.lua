#!lua flags=allow-oom
-- event: a line of a task's history, told by the slot that owns it.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 event  4.. names and values that belong to it
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
tell(t, t.state, ARGV[3], unpack(ARGV, 4))
return 'ok'

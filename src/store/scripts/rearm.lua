#!lua flags=allow-oom
-- rearm: the record of a live task, should it have lapsed, is written again.
-- KEYS  1-7 of lib/task
-- ARGV  1 id
-- Gives ok | none (no such task, or it has ended)
-- include: clock
-- include: task
local t = read(ARGV[1])
if not t or (t.state ~= 'pending' and t.state ~= 'running') then return 'none' end
rearm(t)
return 'ok'

#!lua flags=allow-oom
-- cancel: cancelled at once and for good; whoever runs it owns it no longer. Its id stays in its
-- list, which may be long: claim drops it there.
-- KEYS  1-7 of lib/task
-- ARGV  1 id
-- Gives {ok, state before} | {ended, state} | none
-- include: clock
-- include: task
local t = read(ARGV[1])
if not t then return 'none' end
if t.state ~= 'pending' and t.state ~= 'running' then return {'ended', t.state} end
finish(t, 'cancelled', 'null')
return {'ok', t.state}

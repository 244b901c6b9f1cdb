#!lua flags=allow-oom
-- hand_back: a slot that stops gives its task back, next to run, no attempt charged.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
call('LLEN', 'q:ready:' .. t.prio)
free(t)
call('HSET', t.meta, 'attempt', t.attempt - 1)
call('RPUSH', 'q:ready:' .. t.prio, t.id)
ring()
count('handed_back')
tell(t, 'pending', 'handed_back')
return 'ok'

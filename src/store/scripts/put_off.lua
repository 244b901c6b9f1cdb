#!lua flags=allow-oom
-- put_off: the target of this task is taken; it comes again later, no attempt charged.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 delay_ms
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
unclaim(t)
call('ZADD', DELAYED, now + tonumber(ARGV[3]), t.id)
count('put_off')
tell(t, 'pending', 'waiting', 'why', 'target', 'in_ms', ARGV[3])
return 'ok'

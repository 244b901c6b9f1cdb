#!lua flags=allow-oom
-- hand_back: a slot that stops gives its task back, next to run, no attempt charged.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token
-- Gives ok | lost
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
give_back(t, 'handed_back')
return 'ok'

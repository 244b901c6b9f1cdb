#!lua flags=allow-oom
-- fleet_leave: a runner says good-bye.
-- KEYS  1 q:runners  2 runner:<name>
-- ARGV  1 name
-- Gives ok
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 'ok'

#!lua flags=allow-oom
-- fleet_beat: a keeper lives; runners silent for a day are forgotten.
-- KEYS  1 q:runners  2.. agent:<name>:status of the agents it can run
-- ARGV  1 name  2.. the status of each, JSON
-- Gives ok
-- include: clock
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 86400000)
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[i]) end
return 'ok'

#!lua flags=allow-oom
-- webhook_done: a callback was tried and is over; the task itself is not touched.
-- KEYS  1 wh:due  2 wh:<id>
-- ARGV  1 id  2 delivered|failed  3 HTTP status (0: no answer)  4 why  5 life_s of wh:<id>
-- Gives ok
-- include: clock
redis.call('HSET', KEYS[2], 'state', ARGV[2], 'http_status', ARGV[3], 'why', ARGV[4], 'at', iso())
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('ZREM', KEYS[1], ARGV[1])
return 'ok'

#!lua
-- access_create: an API key, if its id is free.
-- KEYS  1 api_key:<hash>  2 api_key_id:<id>  3 api_keys:index
-- ARGV  1 record  2 hash  3 id
-- Gives ok | clash
redis.call('SCARD', KEYS[3])
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return 'clash' end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[3])
return 'ok'

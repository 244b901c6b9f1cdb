#!lua flags=allow-oom
-- access_revoke: an API key ceases to exist, at once and also when Redis is full.
-- KEYS  1 api_key_id:<id>  2 api_keys:index
-- ARGV  1 id
-- Gives ok | unknown
redis.call('SCARD', KEYS[2])
local hash = redis.call('GET', KEYS[1])
if hash then redis.call('DEL', 'api_key:' .. hash, KEYS[1]) end
redis.call('SREM', KEYS[2], ARGV[1])
return hash and 'ok' or 'unknown'

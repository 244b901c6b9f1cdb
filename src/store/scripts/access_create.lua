#!lua
-- access_create: an API key, if its id is free, and only once per Idempotency-Key.
-- KEYS  1 api_key:<hash>  2 api_key_id:<id>  3 api_keys:index
-- ARGV  1 record  2 hash  3 id  4 owner  5 sha256 of the Idempotency-Key  6 fingerprint ('': none)
-- Gives {ok} | {clash} | {reused} | {already, id}
local idem = ARGV[5] ~= '' and 'idem:' .. ARGV[4] .. ':' .. ARGV[5]
redis.call('SCARD', KEYS[3])
local known = idem and redis.call('GET', idem)
if known then
    local fingerprint, id = string.match(known, '^(%x+) ([%w-]+)$')
    if fingerprint ~= ARGV[6] then return {'reused'} end
    return {'already', id}
end
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return {'clash'} end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[3])
if idem then redis.call('SET', idem, ARGV[6] .. ' ' .. ARGV[3], 'EX', 86400) end
return {'ok'}

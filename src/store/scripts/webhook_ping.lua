#!lua
-- webhook_ping: a test event of somebody, to be sent once.
-- The key with the secret is built here: the web tier's user may not name it, only write to it.
-- KEYS  1 wh:due  2 wh:<id>  3 rl:ping:<owner>
-- ARGV  1 id  2 owner  3 url  4 secret  5 body  6 life_s  7 limit per minute
--       8 sha256 of the Idempotency-Key ('': none)  9 fingerprint
-- Gives {ok, id} | {reused} | {already, id} | {rate}
-- include: clock
-- include: webhook
local secrets = 'task:' .. ARGV[1] .. ':cb'
local idem = ARGV[8] ~= '' and 'idem:' .. ARGV[2] .. ':' .. ARGV[8]
local known = idem and call('GET', idem)
call('ZCARD', KEYS[1])
if known then
    local fingerprint, id = string.match(known, '^(%x+) ([%w-]+)$')
    if fingerprint ~= ARGV[9] then return {'reused'} end
    return {'already', id}
end
local count = tonumber(call('GET', KEYS[3])) or 0
if count >= tonumber(ARGV[7]) then return {'rate'} end
if count == 0 then
    call('SET', KEYS[3], 1, 'EX', 60)
else
    call('SET', KEYS[3], count + 1, 'KEEPTTL')
end
call('HSET', secrets, 'url', ARGV[3], 'secret', ARGV[4], 'ping', ARGV[5])
call('EXPIRE', secrets, ARGV[6])
call('HSET', KEYS[2], 'state', 'waiting', 'due_ms', now, 'at', iso(), 'ping', ARGV[2])
call('EXPIRE', KEYS[2], ARGV[6])
call('ZADD', KEYS[1], now, ARGV[1])
if idem then call('SET', idem, ARGV[9] .. ' ' .. ARGV[1], 'EX', 86400) end
return {'ok', ARGV[1]}

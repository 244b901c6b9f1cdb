#!lua flags=allow-oom
-- webhook_take: one callback that is due, held for a while: if its keeper dies, another takes it.
-- KEYS  1 wh:due
-- ARGV  1 hold_ms  2 life_s of wh:<id>  3 limit of entries to look at
-- Gives {ok, id, attempt, url, secret ('': none), body} | empty
-- include: clock
local call, pcall = redis.call, redis.pcall
for _, id in ipairs(call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])) do
    local callback = pcall('HMGET', 'task:' .. id .. ':cb', 'url', 'secret')
    local body = pcall('GET', 'task:' .. id)
    if not callback.err and callback[1] and type(body) == 'string' then
        local account = 'wh:' .. id
        local attempt = pcall('HINCRBY', account, 'attempt', 1)
        if type(attempt) ~= 'number' then -- damaged: it must not hold up the others
            call('DEL', account)
            attempt = call('HINCRBY', account, 'attempt', 1)
        end
        call('EXPIRE', account, ARGV[2])
        call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[1]), id)
        return {'ok', id, attempt, callback[1], callback[2] or '', body}
    end
    call('ZREM', KEYS[1], id) -- nothing left to send, or nowhere to
end
return {'empty'}

#!lua flags=allow-oom
-- webhook_take: one callback that is due, its attempt counted, held for a while: if its keeper dies,
-- another takes it. A receiver gets few at a time, and none while its circuit is open: what is due
-- to it comes later, which costs it no attempt.
-- KEYS  1 wh:due  2 wh:busy
-- ARGV  1 hold_ms  2 limit of entries to look at  3 schedule  4 at a time  5 at a time per host
--       6 random number below 1000
-- Gives {ok, id, attempt, event, url, secret ('': none), body} | {again}: look once more | {empty}
-- include: clock
-- include: webhook
local DUE, BUSY, HOLD_MS = KEYS[1], KEYS[2], tonumber(ARGV[1])
call('ZREMRANGEBYSCORE', BUSY, '-inf', now)
local under_way = call('ZRANGE', BUSY, 0, -1)
if #under_way >= tonumber(ARGV[4]) then return {'empty'} end
local at = {} -- host -> how many
for _, member in ipairs(under_way) do
    local host = string.match(member, ' (.*)$') or ''
    at[host] = (at[host] or 0) + 1
end

local ENDED = {completed = true, failed = true, cancelled = true}
-- read(id): what is to be sent; nil when there is nothing left to send, or nowhere to.
local function read(id)
    local cb = pcall('HMGET', 'task:' .. id .. ':cb', 'url', 'secret', 'ping')
    local state = pcall('HGET', 'task:' .. id .. ':meta', 'state')
    if cb.err or not cb[1] then return nil end
    local h = {url = cb[1], secret = cb[2] or '', host = host_of(cb[1]), tries = #steps(ARGV[3])}
    if cb[3] then
        h.event, h.body, h.tries = 'ping', cb[3], 1
    else
        h.event = type(state) == 'string' and ENDED[state] and 'task.' .. state
        h.body = pcall('GET', 'task:' .. id)
    end
    return h.event and type(h.body) == 'string' and h or nil
end

-- drop(id, why): it is never tried again.
local function drop(id, why)
    call('ZREM', DUE, id)
    if call('TYPE', 'wh:' .. id).ok == 'hash' then settle('wh:' .. id, 'failed', why) end
end

-- account_of(id): its wh:<id>, with numbers that can be counted.
local function account_of(id)
    local account = 'wh:' .. id
    local had = pcall('HMGET', account, 'attempt', 'step')
    if had.err or (had[1] and not string.match(had[1], '^%d+$'))
        or (had[2] and not string.match(had[2], '^%d+$')) then
        call('DEL', account) -- damaged: it must not hold up the others
        had = {}
    end
    return account, tonumber(had[1] or 0), tonumber(had[2] or 0)
end

-- give(id, h): counted before it is sent, so that no attempt goes uncounted.
local function give(id, h, account, attempt, step)
    attempt = attempt + 1
    call('HSET', account, 'attempt', attempt, 'step', step + 1, 'tries', h.tries, 'state', 'sending',
         'host', h.host)
    call('HDEL', account, 'due_ms', 'again')
    note(account, attempt, now .. ' 0 0 - sending ')
    call('EXPIRE', account, LIFE_S)
    call('ZADD', DUE, 'XX', now + HOLD_MS, id)
    call('ZADD', BUSY, now + HOLD_MS, id .. ' ' .. h.host)
    call('PEXPIRE', BUSY, HOLD_MS)
    return {'ok', id, attempt, h.event, h.url, h.secret, h.body}
end

local ids = call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, ARGV[2])
for i, id in ipairs(ids) do
    local h = read(id)
    local open_ms = h and opened(h.host) or 0
    local some_ms = (ARGV[6] + 397 * i) % 1000
    if not h then
        drop(id, 'expired')
    elseif open_ms > now then
        call('ZADD', DUE, 'XX', open_ms + some_ms, id)
    elseif (at[h.host] or 0) >= (open_ms > 0 and 1 or tonumber(ARGV[5])) then
        call('ZADD', DUE, 'XX', now + 500 + some_ms, id)
    else
        local account, attempt, step = account_of(id)
        local left = true -- what waits has an attempt to come, be the schedule shorter by now
        if attempt > 0 and call('HGET', account, 'state') == 'sending' then -- its keeper died
            local at_ms = string.match(call('HGET', account, 'a' .. attempt) or '', '^%d+') or now
            note(account, attempt, at_ms .. ' 0 0 - interrupted ')
            count('webhook_interrupted')
            local asked = call('HEXISTS', account, 'again') == 1
            step = asked and step_back(step) or step
            left = asked or step < h.tries
        end
        if left then return give(id, h, account, attempt, step) end
        drop(id, 'interrupted')
    end
end
return {#ids < tonumber(ARGV[2]) and 'empty' or 'again'}

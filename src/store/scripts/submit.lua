#!lua
-- submit: a new task, pending, at the tail of its list; or the one that stands for this request
-- already. Refused as a whole when Redis is full.
-- KEYS  1 task:<id>  2 q:ready:<prio>  3 q:bell  4 open:<owner>  5 idx:tasks
--       6 idx:owner:<owner>  7 q:drain  8 rl:submit:<owner>  9 q:seq  10 q:stats  11 q:expiry
--       12 q:delayed  13-16 q:ready:critical, :high, :medium, :low
-- ARGV  1 id  2 record  3 spec  4 head  5 middle  6 prio  7 owner  8 run_timeout_ms
--       9 queue_max  10 open_max  11 per_min  12 queue_ttl_ms (of these four 0: no limit)
--       13 sha256 of the Idempotency-Key  14 fingerprint  15 sha256 of what must be unique
--       16 retry_of (of these four '': none)  17 callback url, 18 its secret (may be absent)
-- Gives {ok, left, reset_s, retry_s[, replayed|joined|replayed joined, id, record]}
--       | {reused|gone|draining|full|open|rate|clash, left, reset_s, retry_s}
-- include: clock
local KEEP_MS, TRIM_MAX, BELL_MAX, EVENTS_MAX = 90000000, 4, 64, 1000
local TTL_S, UNIQUE_S, INDEX_S, MINUTE_MS = 86400, 604800, 2592000, 60000
local call, pcall = redis.call, redis.pcall
local id, prio, owner = ARGV[1], ARGV[6], ARGV[7]
local meta, callback = KEYS[1] .. ':meta', KEYS[1] .. ':cb'
local idem = ARGV[13] ~= '' and 'idem:' .. owner .. ':' .. ARGV[13]
local uniq = ARGV[15] ~= '' and 'uniq:' .. ARGV[15]
local old = ARGV[16] ~= '' and 'task:' .. ARGV[16]
local queue_max, open_max, per_min = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])

-- The quota (GCRA): until when it is spoken for, and how much of that one task costs.
local cost, spent_until = 0, now
if per_min > 0 then
    cost = MINUTE_MS / per_min
    spent_until = math.min(math.max(now, tonumber(pcall('GET', KEYS[8])) or now), now + MINUTE_MS)
end

local function give(word, retry_s, ...)
    local left = per_min > 0 and math.floor((now + MINUTE_MS - spent_until) / cost + 0.001) or 0
    return {word, left, math.ceil((spent_until - now) / 1000), retry_s, ...}
end

-- live(id): does it wait or run? Then the record too, even if that has lapsed.
local function live(id)
    local m = pcall('HMGET', 'task:' .. id .. ':meta', 'state', 'head', 'middle')
    if (m[1] == 'pending' or m[1] == 'running') and m[2] and m[3] then
        return call('GET', 'task:' .. id) or m[2] .. m[1] .. m[3] .. iso() .. '","result":null}'
    end
end

-- keep(id, how): from now on the Idempotency-Key means this task.
local function keep(id, how)
    if idem then call('SET', idem, ARGV[14] .. ' ' .. id .. how, 'EX', TTL_S) end
end

-- over(index): its oldest entries, as far as they outlived their tasks. A few with each submit,
-- so that the indexes stay bounded.
local function over(index)
    local gone = {}
    for _, other in ipairs(call('ZRANGEBYSCORE', index, '-inf', now - KEEP_MS, 'LIMIT', 0, TRIM_MAX)) do
        if pcall('EXISTS', 'task:' .. other) == 0 then gone[#gone + 1] = other end
    end
    return gone
end

-- What stands for the request costs nothing, whatever else is full.
local known = idem and call('GET', idem)
if known then
    local fingerprint, other, how = string.match(known, '^(%x+) ([%w-]+)([ %a]*)$')
    if fingerprint ~= ARGV[14] then return give('reused', 0) end
    local record = live(other) or call('GET', 'task:' .. other)
    if not record then return give('gone', 0) end
    pcall('HINCRBY', KEYS[10], 'replayed', 1)
    return give('ok', 0, 'replayed' .. how, other, record)
end
local twin = uniq and call('GET', uniq)
local record = twin and live(twin)
if record then
    keep(twin, ' joined')
    pcall('HINCRBY', KEYS[10], 'joined', 1)
    return give('ok', 0, 'joined', twin, record)
end

-- Everything is read before the first write.
local open, rings, drain = call('SCARD', KEYS[4]), call('LLEN', KEYS[3]), call('EXISTS', KEYS[7])
local waiting = call('ZCARD', KEYS[12])
for i = 13, 16 do waiting = waiting + call('LLEN', KEYS[i]) end
call('ZCARD', KEYS[11])
local again = old and call('HGET', old .. ':meta', 'state')
local trim = {[5] = over(KEYS[5]), [6] = over(KEYS[6])}
if drain == 1 then return give('draining', 0) end
if queue_max > 0 and waiting >= queue_max then return give('full', 0) end
if open_max > 0 and open >= open_max then return give('open', 0) end
if spent_until + cost > now + MINUTE_MS + 0.5 then
    return give('rate', math.max(1, math.ceil((spent_until + cost - now - MINUTE_MS) / 1000)))
end
if call('EXISTS', KEYS[1], meta, callback) > 0 then return give('clash', 0) end

local seq = call('HINCRBY', KEYS[9], prio, 1) -- first: it alone can still fail
call('SET', KEYS[1], ARGV[2], 'EX', TTL_S)
call('SET', KEYS[1] .. ':spec', ARGV[3])
call('HSET', meta, 'state', 'pending', 'prio', prio, 'owner', owner, 'head', ARGV[4],
     'middle', ARGV[5], 'run_timeout_ms', ARGV[8], 'created_ms', now, 'ready_ms', now, 'seq', seq)
if ARGV[17] then
    call('HSET', callback, 'url', ARGV[17])
    if ARGV[18] then call('HSET', callback, 'secret', ARGV[18]) end
end
if old then
    call('HSET', meta, 'retry_of', ARGV[16])
    if again then call('HSET', old .. ':meta', 'retried_as', id) end
    if call('COPY', old .. ':cb', callback) == 1 then call('PERSIST', callback) end
end
if uniq then
    call('HSET', meta, 'uniq', ARGV[15])
    call('SET', uniq, id, 'EX', UNIQUE_S)
end
if ARGV[12] ~= '0' then
    local expire_ms = now + tonumber(ARGV[12])
    call('HSET', meta, 'expire_ms', expire_ms)
    call('ZADD', KEYS[11], expire_ms, id)
end
if per_min > 0 then
    spent_until = spent_until + cost
    call('SET', KEYS[8], string.format('%.3f', spent_until), 'PX', math.ceil(spent_until - now) + 1000)
end
keep(id, '')
call('SADD', KEYS[4], id)
for i = 5, 6 do
    if #trim[i] > 0 then call('ZREM', KEYS[i], unpack(trim[i])) end
    call('ZADD', KEYS[i], now, id)
end
call('EXPIRE', KEYS[6], INDEX_S)
pcall('XADD', KEYS[1] .. ':events', 'MAXLEN', '~', EVENTS_MAX, '*', 'ev', 'pending')
pcall('HINCRBY', KEYS[10], 'submitted', 1)
call('LPUSH', KEYS[2], id)
if rings < BELL_MAX then call('LPUSH', KEYS[3], '1') end
return give('ok', 0)

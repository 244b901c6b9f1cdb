-- lib/webhook: what the life of a delivery has in common. Needs lib/clock.
local call, pcall = redis.call, redis.pcall
local LIFE_S, KEEP = 259200, 32 -- of wh:<id>; attempts that it remembers
local OPEN_AFTER, OPEN_MS, WITHIN_S, HOSTS_MAX = 5, 600000, 3600, 10000

-- host_of(url): who is called, as the URL writes it: the name and the port.
local function host_of(url) return string.lower(string.match(url, '^%a+://([^/?#]+)') or '') end

-- count(what): q:stats. Every attempt is one webhook_<result>: delivered, retried, failed for good,
-- blocked, interrupted.
local function count(what) pcall('HINCRBY', 'q:stats', what, 1) end

-- steps(schedule): '0,5,60' as seconds before each attempt.
local function steps(schedule)
    local list = {}
    for s in string.gmatch(schedule, '%d+') do list[#list + 1] = tonumber(s) end
    return list
end

-- step_back(step): so that an attempt that was asked for uses up nothing of the schedule.
local function step_back(step) return math.max(0, step - 1) end

-- note(account, attempt, entry): how an attempt went: ms since 1970, status, ms it took, address,
-- word, first bytes of the answer.
local function note(account, attempt, entry)
    call('HSET', account, 'a' .. attempt, entry)
    call('HDEL', account, 'a' .. (attempt - KEEP))
end

-- settle(account, state, why): it is over.
local function settle(account, state, why)
    call('HSET', account, 'state', state, 'why', why, 'at', iso())
    call('HDEL', account, 'due_ms', 'again')
end

-- opened(host): until when nobody calls it (0: it is well). Past that, one try tells.
local function opened(host) return tonumber(pcall('HGET', 'wh:host:' .. host, 'open_ms')) or 0 end

-- well(host), ill(host, id): it took a delivery; it failed to. What one task tries several times in
-- a row counts once, until the circuit has opened.
local function well(host)
    if call('DEL', 'wh:host:' .. host) == 1 then call('ZREM', 'wh:hosts', host) end
end

local function ill(host, id)
    local key = 'wh:host:' .. host
    if call('TYPE', key).ok ~= 'hash' then call('DEL', key) end
    local before = tonumber(call('HGET', key, 'fails')) or 0
    if before < OPEN_AFTER and call('HGET', key, 'last') == id then return end
    call('HSET', key, 'fails', before + 1, 'last', id)
    if before == 0 then call('EXPIRE', key, WITHIN_S) end
    if before + 1 >= OPEN_AFTER then
        call('HSET', key, 'open_ms', now + OPEN_MS)
        call('EXPIRE', key, WITHIN_S + OPEN_MS / 1000)
        count('circuit_opened')
    end
    call('ZADD', 'wh:hosts', now, host)
    call('EXPIRE', 'wh:hosts', 2 * WITHIN_S)
    for _, old in ipairs(call('ZRANGE', 'wh:hosts', 0, call('ZCARD', 'wh:hosts') - HOSTS_MAX - 1)) do
        well(old)
    end
end

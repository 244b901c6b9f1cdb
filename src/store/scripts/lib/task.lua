-- lib/task: what scripts do to a task in common. Needs lib/clock.
-- KEYS  1 q:lease  2 q:delayed  3 q:dead  4 q:bell  5 wh:due  6 q:stats  7 q:expiry
--       (in every script that includes this)
-- A task's own keys are built from its id. Scripts cannot roll back, so everything is read
-- first: the reads here refuse keys of a wrong type before anything is written.
local LEASE, DELAYED, DEAD, BELL, HOOKS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local STATS, EXPIRY = KEYS[6], KEYS[7]
local TTL_S, GONE_S, RUN_MAX_MS, LEASE_MAX_MS = 86400, 2592000, 86400000, 3600000
local DEAD_MAX, EVENTS_MAX, BELL_MAX = 10000, 1000, 64
local PIECE_MAX = 255 -- bytes of head or middle that a slot can hold (RECORD_PIECE_SIZE)
local call, pcall = redis.call, redis.pcall
for i = 1, 3 do call('ZCARD', KEYS[i]) end
call('LLEN', BELL)
call('ZCARD', HOOKS)
call('ZCARD', EXPIRY)

-- count(what): q:stats, for operators; never a reason to fail.
local function count(what, n)
    if n ~= 0 then pcall('HINCRBY', STATS, what, n or 1) end
end

-- observe(what, since): how long it took, in ms and by bucket (QUEUE_STORE_BOUNDS_S).
local function observe(what, since)
    local ms, bound = math.max(0, now - since), 'inf'
    for _, s in ipairs({1, 5, 10, 30, 60, 300, 600, 1800, 3600}) do
        if ms <= s * 1000 then
            bound = s
            break
        end
    end
    count(what .. '_ms', ms)
    count(what .. '_le_' .. bound)
end

-- number(text, other): what can be counted with; "nan", "inf" and the like are numbers to Lua, too.
local function number(text, other)
    local n = tonumber(text)
    return n and math.abs(n) <= 2 ^ 63 and n or other
end

-- read(id): the scheduling truth, or nil when there is none (or none that can be used).
local PRIORITIES = {critical = true, high = true, medium = true, low = true}
local function read(id)
    local m = pcall('HMGET', 'task:' .. id .. ':meta', 'state', 'prio', 'owner', 'head', 'middle',
                    'slot', 'token', 'attempt', 'fails', 'crashes', 'run_timeout_ms',
                    'deadline_ms', 'lease_ms', 'ready_ms', 'started_ms', 'uniq', 'created_ms', 'seq',
                    'expire_ms')
    if m.err or not (m[1] and m[4] and m[5]) then return nil end
    if #m[4] > PIECE_MAX or #m[5] > PIECE_MAX then return nil end
    return {id = id, key = 'task:' .. id, meta = 'task:' .. id .. ':meta', state = m[1],
            prio = PRIORITIES[m[2]] and m[2] or 'low', owner = m[3] or '', head = m[4], middle = m[5],
            slot = m[6] or '', token = m[7], attempt = number(m[8], 0), fails = number(m[9], 0),
            crashes = number(m[10], 0), run_timeout_ms = math.min(number(m[11], 1800000), RUN_MAX_MS),
            deadline_ms = number(m[12], 0), lease_ms = math.min(number(m[13], 30000), LEASE_MAX_MS),
            ready_ms = number(m[14], now), started_ms = number(m[15], now), uniq = m[16],
            created_ms = number(m[17], now), seq = number(m[18]),
            expire_ms = number(m[19])} -- expire_ms: until its first start; none after a charged attempt
end

-- held(id, token): the task, if that claim still owns it; else nil: another has taken over.
local function held(id, token)
    local t = read(id)
    if t and t.state == 'running' and t.token == token then return t end
    count('fenced')
end

-- write(t, state, result): the record that clients see.
local function write(t, state, result)
    call('SET', t.key, t.head .. state .. t.middle .. iso() .. '","result":' .. result .. '}',
         'EX', TTL_S)
end

-- tell(t, event, ...): history and watchers; neither may stop a transition.
local function tell(t, state, event, ...)
    pcall('XADD', t.key .. ':events', 'MAXLEN', '~', EVENTS_MAX, '*', 'ev', event, ...)
    pcall('PUBLISH', t.key, state)
end

local function let_go(t)
    if t.slot ~= '' then pcall('LREM', 'q:proc:' .. t.slot, 0, t.id) end
    call('ZREM', LEASE, t.id)
end

-- ring(): wakes one idle slot.
local function ring()
    if call('LLEN', BELL) < BELL_MAX then call('LPUSH', BELL, '1') end
end

-- finish(t, state, result, ...): the end of a task; its callback falls due, equal tasks may come
-- again, and a tombstone will outlive it. The rest tells why, in its history.
local function finish(t, state, result, ...)
    let_go(t)
    call('ZREM', DELAYED, t.id)
    call('ZREM', EXPIRY, t.id)
    write(t, state, result)
    call('HSET', t.meta, 'state', state, 'finished_ms', now)
    call('HDEL', t.meta, 'token', 'progress')
    pcall('SREM', 'open:' .. t.owner, t.id)
    tell(t, state, state, ...)
    call('EXPIRE', t.meta, TTL_S)
    call('EXPIRE', t.key .. ':spec', TTL_S)
    call('EXPIRE', t.key .. ':events', TTL_S)
    call('EXPIRE', t.key .. ':log', TTL_S)
    call('EXPIRE', t.key .. ':artifacts', TTL_S)
    call('SET', 'gone:' .. t.id, state .. ' ' .. iso(), 'EX', GONE_S)
    if t.uniq and pcall('GET', 'uniq:' .. t.uniq) == t.id then call('DEL', 'uniq:' .. t.uniq) end
    count(state)
    if t.state == 'running' then observe('run', t.started_ms) end
    if call('EXPIRE', t.key .. ':cb', TTL_S) == 1 then call('ZADD', HOOKS, 'NX', now, t.id) end
end

-- bury(t, what, result, ...): failed for good, remembered in q:dead and counted as what.
local function bury(t, what, result, ...)
    finish(t, 'failed', result, ...)
    count(what)
    call('ZADD', DEAD, now, t.id)
    call('ZREMRANGEBYRANK', DEAD, 0, -DEAD_MAX - 1)
end

-- fault(t, code, message): the result of a task that could not be carried out.
local function fault(t, code, message)
    return '{"error":{"code":"' .. code .. '","message":"' .. message .. '","attempt":'
        .. t.attempt .. '}}'
end

-- overdue(t): it was to start by now, and never did.
local function overdue(t) return t.expire_ms and t.expire_ms <= now end
local function expire(t)
    bury(t, 'expired', fault(t, 'queue_expired', 'The task waited longer than it was to.'),
         'why', 'queue_expired')
end

-- free(t): pending again and nobody's.
local function free(t)
    let_go(t)
    write(t, 'pending', 'null')
    call('HSET', t.meta, 'state', 'pending')
    call('HDEL', t.meta, 'token', 'slot', 'progress')
end

-- line_up(t): the next to run of its list; later, should that be damaged.
local function line_up(t)
    if type(pcall('RPUSH', 'q:ready:' .. t.prio, t.id)) ~= 'number' then
        call('ZADD', DELAYED, now, t.id)
    end
    ring()
end

-- unclaim(t): pending as if it had not been claimed; what was left of its wait for a first start is
-- left again.
local function unclaim(t)
    free(t)
    call('HSET', t.meta, 'attempt', t.attempt - 1, 'ready_ms', now)
    if t.expire_ms then
        local expire_ms = string.format('%.0f', now + math.max(0, t.expire_ms - t.started_ms))
        call('HSET', t.meta, 'expire_ms', expire_ms)
        call('ZADD', EXPIRY, expire_ms, t.id)
    end
end

-- give_back(t, event): unclaimed, and the next to run.
local function give_back(t, event)
    unclaim(t)
    line_up(t)
    count('handed_back')
    tell(t, 'pending', event)
end

-- rearm(t): the record of a live task does not lapse; one that did is written again, which is told.
-- One with half its life left is only looked at: a long queue costs reads, not writes to the disk.
local function rearm(t)
    local left_s = call('TTL', t.key)
    if left_s == -2 then
        write(t, t.state, 'null')
    elseif left_s < TTL_S / 2 then
        call('EXPIRE', t.key, TTL_S)
    end
    return left_s == -2
end

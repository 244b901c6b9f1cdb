#!lua flags=allow-oom
-- sweep: one piece of a walk over all keys. Whatever a crash or an operator can have left of a task
-- is seen here sooner or later, and put right. Scripts are atomic, so nothing is ever on its way.
-- KEYS  1-7 of lib/task  8 q:slots  9 idx:tasks
-- ARGV  1 cursor  2 keys to look at, about
-- Gives {ok, cursor, leased, listed, indexed, rearmed, ghosts, moved}
-- include: clock
-- include: task
-- include: aside
local SLOTS, INDEX = KEYS[8], KEYS[9]
-- A list to search whole, ids looked at in a long one or a set, a lease too far in the future.
local SHORT, SAMPLE, LEASES_MAX = 256, 200, 2
local searches = 3 -- of long lists, in one piece
local mended = {leased = 0, listed = 0, indexed = 0, rearmed = 0, ghosts = 0, moved = 0}

local function mend(kind) mended[kind] = mended[kind] + 1 end

local function lives(id)
    local state = pcall('HGET', 'task:' .. id .. ':meta', 'state')
    return state == 'pending' or state == 'running'
end

-- lapse(key, ttl_s): it has no time to live, but should have.
local function lapse(key, ttl_s)
    if call('TTL', key) == -1 then
        call('EXPIRE', key, ttl_s)
        mend('rearmed')
    end
end

-- first_of(list): the enqueue number of the first in a list that has one.
local firsts = {}
local function first_of(list)
    if firsts[list] == nil then
        local ids = call('LRANGE', list, -SAMPLE, -1)
        firsts[list] = false
        for i = #ids, 1, -1 do
            firsts[list] = tonumber(pcall('HGET', 'task:' .. ids[i] .. ':meta', 'seq')) or false
            if firsts[list] then break end
        end
    end
    return firsts[list]
end

-- listed(t): does its list hold it? A long one is searched only once the task's turn has passed, and
-- seldom: lists keep their order but for those that go back to its head.
local function listed(t)
    local list = 'q:ready:' .. t.prio
    if call('LLEN', list) > SHORT then
        local first = first_of(list)
        if not first or searches == 0 or (t.seq and t.seq >= first) then return true end
        searches = searches - 1
    end
    return call('LPOS', list, t.id, 'RANK', -1)
end

local function mend_pending(t)
    if not call('ZSCORE', DELAYED, t.id) and not listed(t) then
        line_up(t)
        tell(t, 'pending', 'requeued', 'why', 'unlisted')
        mend('listed')
    end
    if t.expire_ms and call('ZADD', EXPIRY, 'NX', t.expire_ms, t.id) == 1 then mend('indexed') end
end

local function mend_running(t)
    local lease = tonumber(call('ZSCORE', LEASE, t.id))
    if not lease or lease > now + LEASES_MAX * t.lease_ms then
        call('ZADD', LEASE, now + t.lease_ms, t.id)
        mend('leased')
    end
end

local function mend_live(t)
    for _, part in ipairs({':meta', ':spec', ':cb', ':events', ':log', ':artifacts'}) do
        if call('PERSIST', t.key .. part) == 1 then mend('rearmed') end
    end
    if rearm(t) then mend('rearmed') end
    local open = pcall('SADD', 'open:' .. t.owner, t.id)
    local all = call('ZADD', INDEX, 'NX', t.created_ms, t.id)
    local own = pcall('ZADD', 'idx:owner:' .. t.owner, 'NX', t.created_ms, t.id)
    if open == 1 or all == 1 or own == 1 then mend('indexed') end
    if t.state == 'pending' then mend_pending(t) else mend_running(t) end
end

-- mend_callback(t): it was not delivered, nor given up, and is not due.
local function mend_callback(t)
    local account = pcall('HMGET', 'wh:' .. t.id, 'state', 'due_ms')
    if account.err then return end
    local state = account[1] or 'waiting'
    if (state == 'waiting' or state == 'sending') and call('EXISTS', t.key .. ':cb') == 1
        and call('ZADD', HOOKS, 'NX', number(account[2], now), t.id) == 1 then
        mend('indexed')
    end
end

local function mend_ended(t)
    lapse(t.meta, TTL_S)
    mend_callback(t)
    if pcall('SREM', 'open:' .. t.owner, t.id) == 1 then mend('ghosts') end
end

-- What to do with a key, by its first word. Keys of others that look alike are left alone.
local function see_task(key)
    local id, part = key:match('^task:([%w-]+):?(%l*)$')
    if part == 'meta' then
        local t = read(id)
        if t and (t.state == 'pending' or t.state == 'running') then
            mend_live(t)
        elseif t then
            mend_ended(t)
        end
    elseif part == '' then
        local record = call('TTL', key) == -1 and pcall('GET', key)
        if type(record) == 'string' and record:sub(1, 10) == '{"task_id"' then lapse(key, TTL_S) end
    elseif (part == 'spec' or part == 'cb' or part == 'events' or part == 'log'
        or part == 'artifacts') and not lives(id) then
        lapse(key, TTL_S)
    end
end

local function see_queue(key)
    if not key:match('^q:proc:.') then return end
    if aside(key, 'list') then
        mend('moved')
    elseif call('SADD', SLOTS, key:sub(8)) == 1 then
        mend('indexed')
    end
end

local function see_open(key)
    if aside(key, 'set') then return mend('moved') end
    for _, id in ipairs(call('SRANDMEMBER', key, SAMPLE)) do
        if not lives(id) then
            call('SREM', key, id)
            mend('ghosts')
        end
    end
end

local function see_index(key)
    if key:match('^idx:owner:.') and aside(key, 'zset') then mend('moved') end
end

local function see_unique(key)
    if #key ~= 69 or not key:match('^uniq:%x+$') then return end
    local id = pcall('GET', key)
    if type(id) == 'string' and lives(id) then
        lapse(key, 604800)
    else
        call('DEL', key)
        mend('ghosts')
    end
end

local function see_gone(key)
    if key:match('^gone:[%w-]+$') then lapse(key, GONE_S) end
end

local function see_target(key)
    local part = key:match('^target:%x+:?(%l*)$')
    local kind = part == '' and 'hash' or (part == 'alone' or part == 'shared') and 'zset'
    if not kind then return end
    if aside(key, kind) then mend('moved') else lapse(key, TTL_S) end
end

local function see_webhook(key)
    if redis.call('TYPE', key).ok == 'hash' and key:match('^wh:[%w-]+$') then lapse(key, 259200) end
end

local SEE = {task = see_task, q = see_queue, open = see_open, idx = see_index, uniq = see_unique,
             gone = see_gone, target = see_target, wh = see_webhook}

local piece = call('SCAN', ARGV[1], 'COUNT', ARGV[2])
for _, key in ipairs(piece[2]) do
    local see = SEE[key:match('^(%l+):')]
    if see then see(key) end
end
for kind, n in pairs(mended) do
    if kind ~= 'moved' then count('mended_' .. kind, n) end
end
return {'ok', piece[1], mended.leased, mended.listed, mended.indexed, mended.rearmed, mended.ghosts,
        mended.moved}

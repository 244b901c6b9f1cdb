#!lua flags=allow-oom
-- claim: the next task, from now on running and leased to a slot. Strict priority, but every
-- so many claims take the list with the oldest task at its head: nothing starves, and no task loses
-- by another try what it has waited.
-- KEYS  1-7 of lib/task  8 q:proc:<slot>  9 q:claims  10 q:paused  11 q:slots
--       12-15 q:ready:critical, :high, :medium, :low
-- ARGV  1 slot  2 lease_ms  3 fair_every  4 skip_max
-- Gives {ok, id, token, attempt, run_timeout_ms, head, middle, spec} | empty
--       | again (skip_max ids were unusable; there may be more)
-- include: clock
-- include: task
local PROC, CLAIMS, PAUSED, SLOTS, READY, READY_LAST = KEYS[8], KEYS[9], KEYS[10], KEYS[11], 12, 15
local slot, lease_ms, skips = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4])
if call('EXISTS', PAUSED) == 1 then return {'empty'} end
call('LLEN', PROC)
call('SCARD', SLOTS)
local claims = (tonumber(call('GET', CLAIMS)) or 0) + 1

-- head_of(list): its next id; none when the list is damaged, which holds up no other.
local function head_of(list)
    local id = pcall('LINDEX', list, -1)
    return type(id) == 'string' and id
end

-- Lists in the order in which to look.
local order = {}
for i = READY, READY_LAST do order[#order + 1] = KEYS[i] end
if claims % tonumber(ARGV[3]) == 0 then
    local since, rank = {}, {}
    for i, list in ipairs(order) do
        local head = head_of(list)
        local created = head and pcall('HGET', 'task:' .. head .. ':meta', 'created_ms')
        since[list] = head and (tonumber(created) or now) or math.huge
        rank[list] = i
    end
    table.sort(order, function(a, b)
        if since[a] == since[b] then return rank[a] < rank[b] end
        return since[a] < since[b]
    end)
end

-- next_of(list): its first task that can run. Ids that are not pending (ghosts) are dropped; a task
-- that waited too long, or lost its spec and cannot be carried out, ends here.
local function next_of(list)
    while skips > 0 do
        local id = head_of(list)
        if not id then return nil end
        local t = read(id)
        local pending = t and t.state == 'pending'
        local spec = pending and pcall('GET', t.key .. ':spec')
        if type(spec) == 'string' and not overdue(t) then return t, spec end
        call('RPOP', list)
        if pending and overdue(t) then
            expire(t)
        elseif pending then
            bury(t, 'damaged', fault(t, 'damaged', 'The stored request of this task is gone.'),
                 'why', 'damaged')
        elseif not t then
            count('mended_ghosts')
        end
        skips = skips - 1
    end
end

for _, list in ipairs(order) do
    local t, spec = next_of(list)
    if t then
        local attempt = t.attempt + 1
        -- The counter makes it unique: a task handed back and claimed again keeps its attempt.
        local token = slot .. ':' .. attempt .. ':' .. string.format('%.0f', claims)
        call('LMOVE', list, PROC, 'RIGHT', 'LEFT')
        call('HSET', t.meta, 'state', 'running', 'attempt', attempt, 'slot', slot, 'token', token,
             'started_ms', now, 'deadline_ms', now + t.run_timeout_ms, 'lease_ms', lease_ms)
        call('ZADD', LEASE, now + lease_ms, t.id)
        call('SET', CLAIMS, string.format('%.0f', claims))
        call('SADD', SLOTS, slot)
        write(t, 'running', 'null')
        tell(t, 'running', 'running', 'attempt', attempt, 'slot', slot)
        if t.expire_ms then call('ZREM', EXPIRY, t.id) end
        count('claimed')
        observe('wait', t.ready_ms)
        return {'ok', t.id, token, attempt, t.run_timeout_ms, t.head, t.middle, spec}
    end
    if skips <= 0 then return {'again'} end
end
return {'empty'}

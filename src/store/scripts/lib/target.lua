-- lib/target: who has a target, and who waits for it. Needs lib/task.
-- KEYS  8 target:<t>  9 target:<t>:alone  10 target:<t>:shared (in every script that includes this)
-- A holder is a claim's token with its mode and the end of its hold. Those that wait stand in two
-- lines by the moment of their turn: when they first asked, less what their priority is worth. So
-- nobody is overtaken for ever, neither one that wants it alone by many that share it, nor a low
-- priority by higher ones. Who waits and has ended is passed over.
local HOLDERS, LINE = KEYS[8], {alone = KEYS[9], shared = KEYS[10]}
local TARGET_S, HOLD_MAX_MS, ENDED_MAX = 86400, 7200000, 100
local WORTH_MS = {critical = 1800000, high = 1200000, medium = 600000, low = 0}
local entries = call('HGETALL', HOLDERS)
call('ZCARD', LINE.alone)
call('ZCARD', LINE.shared)
local holders, holding, lapsed = {}, {alone = 0, shared = 0}, {}
for i = 1, #entries, 2 do
    local mode, end_ms = entries[i + 1]:match('^(%l+) (%d+)$')
    end_ms = number(end_ms, 0)
    if holding[mode] and end_ms > now and end_ms <= now + HOLD_MAX_MS then
        holders[entries[i]] = mode
        holding[mode] = holding[mode] + 1
    else
        lapsed[#lapsed + 1] = entries[i]
    end
end

-- first(mode): who is next in that line, and the moment of their turn.
local function first(mode)
    for _ = 1, ENDED_MAX do
        local head = call('ZRANGE', LINE[mode], 0, 0, 'WITHSCORES')
        if not head[1] then return nil end
        local t = read(head[1])
        if t and (t.state == 'pending' or t.state == 'running') then return t, tonumber(head[2]) end
        call('ZREM', LINE[mode], head[1])
    end
end

-- ahead(mode, turn): how many in that line come before that moment.
local function ahead(mode, turn)
    if not first(mode) then return 0 end
    return call('ZCOUNT', LINE[mode], '-inf', '(' .. string.format('%.0f', turn))
end

-- wake(places): the first for whom there is room now need not wait any longer.
local function wake(places)
    local one, one_turn = first('alone')
    local many, many_turn = first('shared')
    local t
    if one and (not many or one_turn <= many_turn) then
        t = holding.alone + holding.shared == 0 and one
    else
        t = many and holding.alone == 0 and holding.shared < places and many
    end
    if t and t.state == 'pending' and call('ZREM', DELAYED, t.id) == 1 then
        call('HSET', t.meta, 'ready_ms', now)
        line_up(t)
    end
end

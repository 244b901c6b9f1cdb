#!lua flags=allow-oom
-- target_take: a claim wants its target, shared with others or alone; who has it alone may share it
-- from now on. Who cannot have it stands in line from now on.
-- KEYS  1-7 of lib/task  8-10 of lib/target
-- ARGV  1 id  2 token  3 shared|alone  4 places (for those that share)  5 hold_ms
-- Gives ok | {busy, how often it was} | lost
-- include: clock
-- include: task
-- include: target
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
local mode, places, hold_ms = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local other = mode == 'alone' and 'shared' or 'alone'
local waits = number(call('HGET', t.meta, 'waits'), 0) + 1
local turn = tonumber(call('ZSCORE', LINE[mode], t.id)) or now - WORTH_MS[t.prio]

local function fits()
    if holders[t.token] then return holders[t.token] == mode or mode == 'shared' end
    if holding.alone > 0 or ahead('alone', turn) > 0 then return false end
    if mode == 'shared' then return ahead('shared', turn) < places - holding.shared end
    return holding.shared == 0 and ahead('shared', turn) == 0
end

call('ZREM', LINE[other], t.id)
if not fits() then
    call('ZADD', LINE[mode], 'NX', string.format('%.0f', turn), t.id)
    call('EXPIRE', LINE[mode], TARGET_S)
    call('HSET', t.meta, 'waits', waits)
    return {'busy', waits}
end
call('ZREM', LINE[mode], t.id)
call('HDEL', t.meta, 'waits')
if #lapsed > 0 then call('HDEL', HOLDERS, unpack(lapsed)) end
call('HSET', HOLDERS, t.token, mode .. ' ' .. string.format('%.0f', now + hold_ms))
call('EXPIRE', HOLDERS, TARGET_S)
local before = holders[t.token]
if before then holding[before] = holding[before] - 1 end
holding[mode] = holding[mode] + 1
wake(places)
return 'ok'

#!lua flags=allow-oom
-- unclaim: a slot that knows of nothing in hand gives back what stands in its list: the answer to
-- its claim was lost. No attempt and no crash charged.
-- KEYS  1-7 of lib/task  8 q:proc:<slot>
-- ARGV  1 slot  2 limit
-- Gives {ok, given back}
-- include: clock
-- include: task
local given = 0
for _, id in ipairs(call('LRANGE', KEYS[8], 0, ARGV[2] - 1)) do
    local t = read(id)
    if t and t.state == 'running' and t.slot == ARGV[1] then
        give_back(t, 'unclaimed')
        given = given + 1
    else
        call('LREM', KEYS[8], 0, id)
    end
end
return {'ok', given}

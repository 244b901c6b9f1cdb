#!lua flags=allow-oom
-- rearm: the records of live tasks do not lapse; one that did is written again.
-- KEYS  1-5 of lib/task
-- ARGV  ids
-- Gives {ok, live}
-- include: clock
-- include: task
local live = 0
for _, id in ipairs(ARGV) do
    local t = read(id)
    if t and (t.state == 'pending' or t.state == 'running') then
        if call('EXPIRE', t.key, TTL_S) == 0 then write(t, t.state, 'null') end
        live = live + 1
    end
end
return {'ok', live}

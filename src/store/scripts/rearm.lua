#!lua flags=allow-oom
-- rearm: the records of live tasks do not lapse; one that did is written again. Those with half
-- their life left are only looked at: a long queue costs reads, not writes to the disk.
-- KEYS  1-7 of lib/task
-- ARGV  ids
-- Gives {ok, live}
-- include: clock
-- include: task
local live = 0
for _, id in ipairs(ARGV) do
    local t = read(id)
    if t and (t.state == 'pending' or t.state == 'running') then
        local left_s = call('TTL', t.key)
        if left_s == -2 then
            write(t, t.state, 'null')
        elseif left_s < TTL_S / 2 then
            call('EXPIRE', t.key, TTL_S)
        end
        live = live + 1
    end
end
return {'ok', live}

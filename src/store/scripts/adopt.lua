#!lua flags=allow-oom
-- adopt: what stands in a slot's list is running and leased, or does not belong there. An id
-- without lease gets one, so that reap sees it; a slot without ids is forgotten.
-- KEYS  1-7 of lib/task  8 q:slots
-- ARGV  1 limit (of slots, and of ids per slot)
-- Gives {ok, leased, ghosts}
-- include: clock
-- include: task
local leased, ghosts = 0, 0
for _, slot in ipairs(call('SRANDMEMBER', KEYS[8], ARGV[1])) do
    local list = 'q:proc:' .. slot
    for _, id in ipairs(pcall('LRANGE', list, 0, ARGV[1] - 1)) do -- damaged: sweep moves it
        local t = read(id)
        if not t or t.state ~= 'running' or t.slot ~= slot then
            call('LREM', list, 0, id)
            ghosts = ghosts + 1
        else
            leased = leased + call('ZADD', LEASE, 'NX', now + t.lease_ms, id)
        end
    end
    if call('EXISTS', list) == 0 then call('SREM', KEYS[8], slot) end
end
count('mended_leased', leased)
count('mended_ghosts', ghosts)
return {'ok', leased, ghosts}

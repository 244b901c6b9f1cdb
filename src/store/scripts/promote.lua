#!lua flags=allow-oom
-- promote: delayed tasks that are due go to the head of their list; they have waited already.
-- A list that is damaged keeps its own waiting, not the others.
-- KEYS  1-7 of lib/task
-- ARGV  1 limit
-- Gives {ok, promoted, ghosts}
-- include: clock
-- include: task
local promoted, ghosts = 0, 0
for _, id in ipairs(call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, ARGV[1])) do
    local t = read(id)
    if t and t.state == 'pending' then
        if type(pcall('RPUSH', 'q:ready:' .. t.prio, id)) == 'number' then
            call('ZREM', DELAYED, id)
            call('HSET', t.meta, 'ready_ms', now)
            ring()
            promoted = promoted + 1
        end
    else
        call('ZREM', DELAYED, id)
        ghosts = ghosts + 1
    end
end
count('mended_ghosts', ghosts)
return {'ok', promoted, ghosts}

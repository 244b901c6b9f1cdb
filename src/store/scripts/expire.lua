#!lua flags=allow-oom
-- expire: tasks that waited for their first start longer than they were to. Their ids stay in their
-- lists, where claim drops them.
-- KEYS  1-7 of lib/task
-- ARGV  1 limit
-- Gives {ok, expired, ghosts}
-- include: clock
-- include: task
local expired, ghosts = 0, 0
for _, id in ipairs(call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, ARGV[1])) do
    local t = read(id)
    if t and t.state == 'pending' and overdue(t) then
        expire(t)
        expired = expired + 1
    else
        call('ZREM', EXPIRY, id)
        ghosts = ghosts + 1
    end
end
count('mended_ghosts', ghosts)
return {'ok', expired, ghosts}

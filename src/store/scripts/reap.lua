#!lua flags=allow-oom
-- reap: leases that ran out. The slot crashed or hangs: its token is void from here on, the
-- task waits backoff, then runs again; who takes crashes_max slots along is buried.
-- KEYS  1-7 of lib/task
-- ARGV  1 limit  2 crashes_max  3 backoff_ms  4 keeper
-- Gives {ok, requeued, buried, ghosts}
-- include: clock
-- include: task
local requeued, buried, ghosts = 0, 0, 0
for _, id in ipairs(call('ZRANGEBYSCORE', LEASE, '-inf', now, 'LIMIT', 0, ARGV[1])) do
    local t = read(id)
    if not t or t.state ~= 'running' then
        call('ZREM', LEASE, id)
        ghosts = ghosts + 1
    else
        local crashes = t.crashes + 1
        call('HSET', t.meta, 'crashes', crashes)
        if crashes >= tonumber(ARGV[2]) then
            bury(t, 'buried', fault(t, 'runner_lost', 'The runner of this task was lost too often.'),
                 'why', 'runner_lost', 'crashes', crashes, 'by', ARGV[4])
            buried = buried + 1
        else
            local backoff = math.min(tonumber(ARGV[3]), t.lease_ms) * 4 ^ (crashes - 1)
            free(t)
            call('HDEL', t.meta, 'expire_ms')
            call('ZADD', DELAYED, now + backoff, id)
            count('requeued')
            tell(t, 'pending', 'requeued', 'why', 'runner_lost', 'crashes', crashes, 'by', ARGV[4])
            requeued = requeued + 1
        end
    end
end
count('mended_ghosts', ghosts)
return {'ok', requeued, buried, ghosts}

#!lua flags=allow-oom
-- beat: the slot lives and works; its lease and the record's life are renewed.
-- KEYS  1-7 of lib/task  8 target:<t>, if it holds one, which it then goes on to hold
-- ARGV  1 id  2 token  3 lease_ms  4 progress ('': none)  5 hold_ms, of the target
-- Gives ok | lost | timeout (past the run timeout of the task)
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
if now > t.deadline_ms then return 'timeout' end
local mode = KEYS[8] and string.match(call('HGET', KEYS[8], t.token) or '', '^(%l+) ')
if KEYS[8] and not mode then return 'lost' end
call('ZADD', LEASE, now + tonumber(ARGV[3]), t.id)
if mode then
    call('HSET', KEYS[8], t.token, mode .. ' ' .. string.format('%.0f', now + tonumber(ARGV[5])))
    call('EXPIRE', KEYS[8], 86400)
end
if call('EXPIRE', t.key, TTL_S) == 0 then write(t, 'running', 'null') end
if ARGV[4] ~= '' then call('HSET', t.meta, 'progress', ARGV[4]) end
return 'ok'

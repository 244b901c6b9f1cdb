#!lua
-- artifact: one of a task's artifacts, while all of them stay within a bound. Refused when Redis is
-- full; the task goes on without it.
-- KEYS  1-7 of lib/task
-- ARGV  1 id  2 token  3 name  4 value  5 bytes kept of all
-- Gives ok | lost | too_large
-- include: clock
-- include: task
local t = held(ARGV[1], ARGV[2])
if not t then return 'lost' end
local key, value = t.key .. ':artifacts', ARGV[4]
local bytes = tonumber(call('HGET', t.meta, 'artifact_bytes') or 0) or 0
bytes = bytes - #(call('HGET', key, ARGV[3]) or '') + #value
if bytes > tonumber(ARGV[5]) then return 'too_large' end
call('HSET', key, ARGV[3], value)
call('HSET', t.meta, 'artifact_bytes', bytes)
return 'ok'

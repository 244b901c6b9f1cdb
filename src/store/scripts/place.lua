#!lua flags=no-writes
-- place: where a task stands in its list, and what has been measured of runs. Damaged: not known.
-- KEYS  1 q:stats  2 q:delayed  3 q:ready:<priority>  4.. the lists of higher priority
-- ARGV  1 id  2 its enqueue number  3.. names of the counts of runs
-- Gives {ok, enqueue number minus the head's (-1: not known), tasks of higher priority, ms that runs
--        took, runs}
local pcall = redis.pcall
local function number(answer)
    return type(answer) ~= 'table' and tonumber(answer) or nil
end

local head = pcall('LINDEX', KEYS[3], -1)
local first = type(head) == 'string' and number(pcall('HGET', 'task:' .. head .. ':meta', 'seq'))
local waits = first and not number(pcall('ZSCORE', KEYS[2], ARGV[1]))
local higher, runs = 0, 0
for i = 4, #KEYS do higher = higher + (number(pcall('LLEN', KEYS[i])) or 0) end
for i = 3, #ARGV do runs = runs + (number(pcall('HGET', KEYS[1], ARGV[i])) or 0) end
return {'ok', waits and math.max(0, tonumber(ARGV[2]) - first) or -1, higher,
        number(pcall('HGET', KEYS[1], 'run_ms')) or 0, runs}

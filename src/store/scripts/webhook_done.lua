#!lua flags=allow-oom
-- webhook_done: how an attempt went, and what follows. The task itself is never touched.
-- KEYS  1 wh:due  2 wh:busy  3 wh:<id>
-- ARGV  1 id  2 attempt  3 delivered|failed|gone|blocked  4 HTTP status (0: no answer)  5 why
--       6 ms it took  7 address ('-': none)  8 Retry-After in s  9 first bytes of the answer
--       10 schedule  11 random number below 1000
-- Gives ok | lost: another keeper has taken over meanwhile
-- include: clock
-- include: webhook
local id, attempt, result, status = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local account, SLOW, RETRY_MAX_S = KEYS[3], {[429] = true, [502] = true, [504] = true}, 3600
local had = pcall('HMGET', account, 'attempt', 'step', 'tries', 'host', 'again', 'a' .. attempt, 'state')
if had.err or not had[6] then return 'lost' end
note(account, attempt, string.match(had[6], '^%d+') .. ' ' .. status .. ' ' .. ARGV[6] .. ' ' .. ARGV[7]
     .. ' ' .. ARGV[5] .. ' ' .. ARGV[9])
if tonumber(had[1]) ~= attempt or had[7] ~= 'sending' then return 'lost' end
local step, tries, host = tonumber(had[2]) or 0, tonumber(had[3]) or 0, had[4] or ''
call('HSET', account, 'http_status', status)
call('EXPIRE', account, LIFE_S)
call('ZREM', KEYS[2], id .. ' ' .. host)

if result == 'delivered' then
    well(host)
elseif result == 'failed' then
    ill(host, id)
end

-- again(wait_ms, why): another attempt follows.
local function again(wait_ms, why)
    call('HSET', account, 'state', 'waiting', 'due_ms', now + wait_ms, 'why', why, 'at', iso())
    call('HDEL', account, 'again')
    call('ZADD', KEYS[1], now + wait_ms, id)
end

local state = result == 'gone' and 'failed' or result
local delay_s = steps(ARGV[10])[step + 1]
if had[5] then -- asked for while it was under way
    call('HSET', account, 'step', step_back(step))
    again(0, ARGV[5])
    count('webhook_' .. (result == 'failed' and 'retried' or state))
elseif result == 'failed' and step < tries and delay_s then
    local wait_ms = math.floor(delay_s * (900 + ARGV[11] / 5)) -- +- 10 %
    if SLOW[status] then wait_ms = math.max(wait_ms, 60000) end
    again(math.max(wait_ms, 1000 * math.min(RETRY_MAX_S, tonumber(ARGV[8]))), ARGV[5])
    count('webhook_retried')
else
    settle(account, state, ARGV[5])
    count('webhook_' .. state)
    call('ZREM', KEYS[1], id)
end
return 'ok'

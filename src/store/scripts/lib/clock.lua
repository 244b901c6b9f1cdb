-- lib/clock: Redis' clock, the only one that decides.
-- now: milliseconds since 1970. iso(): the same moment as records write it.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function iso()
    local seconds, micros = tonumber(time[1]), tonumber(time[2])
    local day = math.floor(seconds / 86400) + 719468 -- since 0000-03-01
    local era = math.floor(day / 146097)
    local doe = day - era * 146097
    local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
                            - math.floor(doe / 146096)) / 365)
    local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
    local mp = math.floor((5 * doy + 2) / 153) -- months since March
    local month = mp < 10 and mp + 3 or mp - 9
    local year = yoe + era * 400 + (month <= 2 and 1 or 0)
    return string.format('%04d-%02d-%02dT%02d:%02d:%02d', year, month,
                         doy - math.floor((153 * mp + 2) / 5) + 1,
                         math.floor(seconds / 3600) % 24, math.floor(seconds / 60) % 60, seconds % 60)
        .. (micros > 0 and string.format('.%06d', micros) or '') .. '+00:00'
end

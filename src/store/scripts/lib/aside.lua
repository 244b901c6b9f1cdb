-- lib/aside: keys that hold something else than they must.
-- aside(key, kind): out of the way with it, where people may look at it for a month. Was it so?
local function aside(key, kind)
    local is = redis.call('TYPE', key).ok
    if is == 'none' or is == kind then return false end
    redis.call('RENAME', key, 'q:damaged:' .. key)
    redis.call('EXPIRE', 'q:damaged:' .. key, 2592000)
    redis.pcall('HINCRBY', 'q:stats', 'mended_moved', 1)
    return true
end

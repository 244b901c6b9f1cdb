#!lua flags=allow-oom
-- aside: the keys without which nothing goes on are of their type, or out of the way.
-- KEYS  any
-- ARGV  the type of each
-- Gives {ok, moved}
-- include: aside
local moved = 0
for i, key in ipairs(KEYS) do
    if aside(key, ARGV[i]) then moved = moved + 1 end
end
return {'ok', moved}

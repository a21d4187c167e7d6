-- Stands for a library in Lua: read with the configuration, and never run.
return { eq = function(found, expected) if found ~= expected then error("not equal") end end }

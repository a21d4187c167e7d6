-- Stands for the Lua half of an application: read with the configuration, and never run.
return { main = function() return true end }

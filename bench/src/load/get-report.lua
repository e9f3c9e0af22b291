-- The same GET again and again, as the command line says; only the report and the rate are ours.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *);")

local MONOTONIC = 1
local rate, turns, beganAt = 0, 0, 0

local function seconds()
  local now = ffi.new("moment")
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.s) + tonumber(now.ns) / 1e9
end

function init(args)
  rate = tonumber(args[1])
  -- wrk waits before every request as soon as there is a function of this name.
  if rate > 0 then delay = untilItsTurn end
end

function untilItsTurn()
  local now = seconds()
  if beganAt == 0 then beganAt = now end
  local wait = beganAt + turns / rate - now
  turns = turns + 1
  return math.max(0, math.floor(wait * 1000))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nresult {"requests":%d,"elapsedUs":%d,"refused":%d,"broken":%d,"p99Us":%d}\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(99)))
end

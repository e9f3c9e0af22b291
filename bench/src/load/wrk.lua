-- Calls with ids of their own; load-plan.ts writes the same bodies. One thread: one counter.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *);")

local n = 0
local prefix, distinct, users, head, calls, hasKeys
-- A paced plan sends exactly `most` requests, each when its turn has come.
local rate, most, turns, beganAt, lastAt = 0, 0, 0, 0, 0
local PARKED_MS = 3600000
local MONOTONIC = 1

local function seconds()
  local now = ffi.new("moment")
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.s) + tonumber(now.ns) / 1e9
end

function init(args)
  prefix = args[1]
  distinct = tonumber(args[2])
  users = tonumber(args[3])
  calls = args[5]
  hasKeys = args[6] == "true"
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n" ..
    "Content-Type: application/json\r\nPrefer: respond-async\r\nx-orrery-context: " .. args[4] ..
    "\r\n"
  rate = tonumber(args[7])
  most = tonumber(args[8])
  -- wrk waits before every request as soon as there is a function of this name.
  if rate > 0 then delay = untilItsTurn end
end

function untilItsTurn()
  if turns == most then return PARKED_MS end
  if beganAt == 0 then beganAt = seconds() end
  local wait = beganAt + turns / rate - seconds()
  turns = turns + 1
  return math.max(0, math.floor(wait * 1000))
end

function request()
  if rate > 0 then lastAt = seconds() end
  local number = n
  if distinct > 0 then number = n % distinct end
  local key = ""
  if hasKeys then key = "Idempotency-Key: " .. prefix .. "-" .. n .. "\r\n" end
  n = n + 1
  local body
  if calls == "tokens" then
    body = '{"address":"' .. prefix .. "-" .. number ..
      '","name":"Nova","symbol":"NOV","decimals":7,"totalSupply":"1"}'
  else
    body = '{"requestId":"' .. prefix .. "-" .. number .. '","userId":"user-' ..
    (number % users) .. '","apiId":"metered","endpointId":"endpoint-1","apiKeyId":"key-1",' ..
    '"amountUsdc":"0.0001"}'
  end
  return head .. key .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary)
  local e = summary.errors
  local elapsedUs = summary.duration
  if rate > 0 then elapsedUs = (lastAt - beganAt) * 1e6 end
  io.write(string.format(
    '\nresult {"requests":%d,"elapsedUs":%d,"refused":%d,"broken":%d}\n', summary.requests,
    elapsedUs, e.status, e.connect + e.read + e.write + e.timeout))
end

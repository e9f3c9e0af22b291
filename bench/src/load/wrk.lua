-- Calls with ids of their own; load-plan.ts writes the same bodies. One thread: one counter.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *);")

local n = 0
local prefix, distinct, users, head, rest, calls, hasKeys
local OTHER_TOKENS = 1001
-- A paced plan sends `most` requests, each when its turn has come, or for `longest` seconds.
local rate, most, longest, turns, beganAt, isOver = 0, 0, 0, 0, 0, false
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
  rest = " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n" ..
    "Content-Type: application/json\r\nPrefer: respond-async\r\nx-orrery-context: " .. args[4] ..
    "\r\n"
  head = "POST " .. wrk.path .. rest
  rate = tonumber(args[7])
  most = tonumber(args[8])
  longest = tonumber(args[9])
  -- wrk waits before every request as soon as there is a function of this name.
  if rate > 0 then delay = untilItsTurn end
end

function untilItsTurn()
  local now = seconds()
  if beganAt == 0 then beganAt = now end
  if turns == most or now - beganAt > longest then
    -- Here and not in `done`, which runs in a state of its own.
    if not isOver then
      local elapsed = math.max(now - beganAt, turns / rate)
      io.write(string.format('\npaced {"sent":%d,"elapsedUs":%d}\n', turns, elapsed * 1e6))
    end
    isOver = true
    return PARKED_MS
  end
  local wait = beganAt + turns / rate - now
  turns = turns + 1
  return math.max(0, math.floor(wait * 1000))
end

function request()
  local number = n
  if distinct > 0 then number = n % distinct end
  local key = ""
  local start = head
  if hasKeys then key = "Idempotency-Key: " .. prefix .. "-" .. n .. "\r\n" end
  if calls == "burns" and n % 2 == 1 then
    start = "POST /api/v1/tokens/token-" .. (n % OTHER_TOKENS) .. "/burns" .. rest
  end
  n = n + 1
  local body
  if calls == "tokens" then
    body = '{"address":"' .. prefix .. "-" .. number ..
      '","name":"Nova","symbol":"NOV","decimals":7,"totalSupply":"1"}'
  elseif calls == "burns" then
    local user = '"user-' .. (number % users) .. '"'
    body = '{"txHash":"' .. prefix .. "-" .. number .. '","from":' .. user ..
      ',"amount":"1","burnedBy":' .. user .. '}'
  else
    body = '{"requestId":"' .. prefix .. "-" .. number .. '","userId":"user-' ..
    (number % users) .. '","apiId":"metered","endpointId":"endpoint-1","apiKeyId":"key-1",' ..
    '"amountUsdc":"0.0001"}'
  end
  return start .. key .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary)
  local e = summary.errors
  io.write(string.format(
    '\nresult {"requests":%d,"elapsedUs":%d,"refused":%d,"broken":%d}\n', summary.requests,
    summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end

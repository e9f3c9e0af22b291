-- Deductions with ids of their own; load-plan.ts writes the same bodies. One thread: one counter.
local n = 0
local prefix, distinct, users, head

function init(args)
  prefix = args[1]
  distinct = tonumber(args[2])
  users = tonumber(args[3])
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n" ..
    "Content-Type: application/json\r\nPrefer: respond-async\r\nx-orrery-context: " .. args[4] ..
    "\r\nContent-Length: "
end

function request()
  local number = n
  if distinct > 0 then number = n % distinct end
  n = n + 1
  local body = '{"requestId":"' .. prefix .. "-" .. number .. '","userId":"user-' ..
    (number % users) .. '","apiId":"metered","endpointId":"endpoint-1","apiKeyId":"key-1",' ..
    '"amountUsdc":"0.0001"}'
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary)
  local e = summary.errors
  io.write(string.format(
    '\nresult {"requests":%d,"elapsedUs":%d,"refused":%d,"broken":%d}\n', summary.requests,
    summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end

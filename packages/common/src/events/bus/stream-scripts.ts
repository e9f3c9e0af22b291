/**
 * What must happen at once in a topic's stream. Each script names one key, so that a cluster can run
 * it where that key lies; a stream's groups and their pending entries are parts of the same key.
 */

/** KEYS: the stream. ARGV: its bound, its life in ms, then position and text of each event. */
export const APPEND_SCRIPT = `
local last = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local about = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then
      last = tonumber(string.match(about[i + 1], '^%d+'))
    end
  end
end
for i = 3, #ARGV, 2 do
  if tonumber(ARGV[i]) > last then
    redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[1], ARGV[i] .. '-0', 'event', ARGV[i + 1])
    last = tonumber(ARGV[i])
  end
end
if #ARGV > 2 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return string.format('%.0f', last)
`;

/**
 * KEYS: the stream. ARGV: group, consumer, limit. Gives how many entries were trimmed unread, how
 * many the group has not acknowledged, and the entries. Makes the group where there is none.
 */
export const READ_SCRIPT = `
redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
local function number_of(id) return tonumber(string.match(id, '^%d+')) end
local delivered, pending = 0, 0
for _, about in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #about, 2 do group[about[i]] = about[i + 1] end
  if group['name'] == ARGV[1] then
    delivered, pending = number_of(group['last-delivered-id']), group['pending']
  end
end
local stream = {}
local about = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #about, 2 do stream[about[i]] = about[i + 1] end
local read = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[3],
  'STREAMS', KEYS[1], '>')
local entries = read and read[1][2] or {}
local missed = 0
if #entries > 0 then
  if delivered == 0 then missed = stream['entries-added'] - stream['length']
  else missed = number_of(entries[1][1]) - delivered - 1 end
end
return { missed, number_of(stream['last-generated-id']) - delivered + pending, entries }
`;

/**
 * KEYS: the stream. ARGV: group, consumer, limit, idle time in ms, the id behind which to begin. Gives
 * how many entries were trimmed unfinished, and those taken over, each with how often it was given out.
 */
export const RECOVER_SCRIPT = `
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[4],
  '(' .. ARGV[5], '+', ARGV[3])
if pending['err'] then
  -- Nobody has read from the topic yet, or Redis has forgotten it.
  if string.find(pending['err'], 'NOGROUP', 1, true) then return { 0, {} } end
  return pending
end
local missed, taken = 0, {}
for _, about in ipairs(pending) do
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[4], about[1])
  -- A trimmed entry is taken off the list, and not given.
  if claimed[1] then taken[#taken + 1] = { claimed[1], about[4] + 1 }
  else missed = missed + 1 end
end
return { missed, taken }
`;

"""The Redis store's operations as Lua scripts: each is atomic."""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

__all__ = [
    "ACQUIRE",
    "CHECK_BEGIN",
    "CHECK_END",
    "CHECK_PAGE",
    "DELETE",
    "PUT",
    "RELEASE",
    "REPLACE",
    "SCAN",
    "Call",
    "Script",
]


class Script(NamedTuple):
    text: str
    sha: str


Call = tuple[Script, tuple[str, ...], tuple[Any, ...]]
"""A script, its keys, its values."""


def _script(text: str) -> Script:
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


# Versions are compared as the bytes they are: Lua's numbers lose digits above 2^53.
PUT: Final = _script("""
local now = redis.call('GET', KEYS[1])
if ARGV[1] == '' then
  if now then return 0 end
elseif not now or string.sub(now, 1, 8) ~= ARGV[1] then
  return 0
end
redis.call('ZADD', KEYS[2], 0, ARGV[3])
if ARGV[4] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
  return 1
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[3], string.format('%.0f', now_ms + ARGV[4]), ARGV[3])
local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now_ms - 1), 'LIMIT', 0, 20)
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[3], name)
  if redis.call('EXISTS', ARGV[5] .. name) == 0 then redis.call('ZREM', KEYS[2], name) end
end
return 1
""")
# Without an expected version: anything but a row that a store wrote.
DELETE: Final = _script("""
if ARGV[1] == '' then
  local now = redis.pcall('GET', KEYS[1])
  if not now or (type(now) == 'string' and #now >= 8) then return 0 end
else
  local now = redis.call('GET', KEYS[1])
  if not now or string.sub(now, 1, 8) ~= ARGV[1] then return 0 end
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
return 1
""")
REPLACE: Final = _script("""
local now = redis.call('GET', KEYS[1])
if not now or string.sub(now, 1, 8) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'KEEPTTL')
return 1
""")
# An index that is whole has a mark in it, which is put there when all rows were looked at; rows that are written
# meanwhile add their names themselves. Where the index was lost (evicted, left out by a restore), the mark is, too.
SCAN: Final = _script("""
if ARGV[6] == '' then
  if redis.call('TYPE', KEYS[1]).ok ~= 'zset' or not redis.call('ZSCORE', KEYS[1], ARGV[5]) then return false end
end
local found, low, want = {}, ARGV[1], tonumber(ARGV[3])
while #found < want * 2 do
  local ask = want - #found / 2
  local names = redis.call('ZRANGEBYLEX', KEYS[1], low, ARGV[2], 'LIMIT', 0, ask)
  for _, name in ipairs(names) do
    local row = redis.pcall('GET', ARGV[4] .. name)
    if type(row) == 'table' then row = '' end -- not a string: a row that no store wrote
    if row then
      found[#found + 1] = name
      found[#found + 1] = row
    else
      redis.pcall('ZREM', KEYS[1], name) -- it has expired; a replica leaves it there
    end
    low = '(' .. name
  end
  if #names < ask then break end
end
return found
""")
# The check of an index writes nothing where nothing is wrong: it works where the server takes no writes now.
CHECK_BEGIN: Final = _script("""
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'zset' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
if kind == 'zset' and redis.call('ZSCORE', KEYS[1], ARGV[1]) then return ARGV[1] end
local marked = redis.pcall('ZADD', KEYS[1], 0, ARGV[2])
if type(marked) == 'table' then return '' end -- it takes no writes now; perhaps none is needed
return ARGV[2]
""")
CHECK_PAGE: Final = _script("""
local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)
local missing = 0
for _, key in ipairs(page[2]) do
  local name = string.sub(key, ARGV[3] + 1)
  if not redis.call('ZSCORE', KEYS[1], name) then
    redis.call('ZADD', KEYS[1], 0, name)
    missing = missing + 1
  end
end
return {page[1], missing}
""")
CHECK_END: Final = _script("""
if ARGV[2] == '' then return 1 end
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then return 0 end
if ARGV[1] ~= ARGV[2] then
  redis.call('ZREM', KEYS[1], ARGV[2])
  redis.call('ZADD', KEYS[1], 0, ARGV[1])
end
return 1
""")
# Release 0.1.0 wrote a number before the owner: its leases are respected, and end by themselves.
ACQUIRE: Final = _script("""
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
""")
RELEASE: Final = _script("""
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
""")

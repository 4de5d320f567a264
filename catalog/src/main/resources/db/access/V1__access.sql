-- What a server keeps of those who ask. Times are microseconds since 1970.

CREATE TABLE users (
  name TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of what lets somebody in there is only a digest.
CREATE TABLE tokens (
  digest TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  who TEXT NOT NULL,
  -- a group on each line
  groups TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_who ON sessions (who);

CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_time ON audit (at);

-- What every SQL database has: TEXT, BIGINT (moments are microseconds since 1970), ON CONFLICT.
-- WITHOUT ROWID is SQLite's own: one tree for a table of small rows instead of two.

CREATE TABLE environments (
  name TEXT NOT NULL PRIMARY KEY,
  head BIGINT NOT NULL,
  forked_from BIGINT,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Where the tables of each environment point now: the sum of its changes.
CREATE TABLE pointers (
  environment TEXT NOT NULL,
  table_name TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (environment, table_name)
) WITHOUT ROWID;

-- The publication is a name that the writer chose, to find out what became of a commit.
CREATE TABLE commits (
  id BIGINT NOT NULL PRIMARY KEY,
  environment TEXT NOT NULL,
  parent BIGINT NOT NULL,
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  run TEXT,
  at BIGINT NOT NULL,
  publication TEXT NOT NULL UNIQUE
);
CREATE INDEX commits_by_environment ON commits (environment, id);

CREATE TABLE changes (
  commit_id BIGINT NOT NULL,
  table_name TEXT NOT NULL,
  version_before TEXT,
  version_after TEXT,
  PRIMARY KEY (commit_id, table_name)
) WITHOUT ROWID;

-- One row: numbers of commits are never used twice, whatever is deleted.
CREATE TABLE last_commit (id BIGINT NOT NULL);
INSERT INTO last_commit (id) VALUES (0);

CREATE TABLE versions (
  id TEXT NOT NULL PRIMARY KEY,
  table_name TEXT NOT NULL,
  metadata_location TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  size_bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  run TEXT NOT NULL,
  recipe TEXT NOT NULL
);
CREATE INDEX versions_by_table ON versions (table_name, created_at);

-- The recipe is null if it is that of the version, as it is for the build that made it.
CREATE TABLE builds (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  version TEXT NOT NULL,
  recipe TEXT
) WITHOUT ROWID;
CREATE INDEX builds_by_version ON builds (version, fingerprint);

CREATE TABLE pins (
  version TEXT NOT NULL PRIMARY KEY,
  pinned_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE check_results (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  passed BIGINT NOT NULL,
  failures BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE leases (
  lease_key TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX leases_by_owner ON leases (owner);

CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  environment TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  heartbeat_at BIGINT NOT NULL,
  finished_at BIGINT,
  state TEXT NOT NULL,
  commit_id BIGINT
);
CREATE INDEX runs_by_start ON runs (started_at);

CREATE TABLE task_runs (
  run TEXT NOT NULL,
  table_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  duration_micros BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  size_bytes BIGINT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (run, table_name)
) WITHOUT ROWID;

-- The last build of each table that went well.
CREATE TABLE last_builds (
  table_name TEXT NOT NULL PRIMARY KEY,
  duration_micros BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  size_bytes BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE file_identities (
  path TEXT NOT NULL PRIMARY KEY,
  size_bytes BIGINT NOT NULL,
  modified_nanos BIGINT NOT NULL,
  file_key TEXT NOT NULL,
  hash TEXT NOT NULL
) WITHOUT ROWID;

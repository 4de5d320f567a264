-- Versions whose rows were written to other files: where they were, and where they are.
CREATE TABLE rewrites (
  new_location TEXT NOT NULL PRIMARY KEY,
  old_location TEXT NOT NULL,
  version TEXT NOT NULL,
  table_name TEXT NOT NULL,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX rewrites_by_table ON rewrites (table_name, created_at);

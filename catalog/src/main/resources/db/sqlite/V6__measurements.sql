-- What was counted in the columns of versions, by name. How many rows they have is said already.
CREATE TABLE measurements (
  version TEXT NOT NULL PRIMARY KEY,
  nulls TEXT NOT NULL,
  distinct_values TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX changes_by_table ON changes (table_name, commit_id);

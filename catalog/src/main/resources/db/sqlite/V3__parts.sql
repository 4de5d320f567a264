-- What runs have finished of versions that are not finished.
CREATE TABLE parts (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  table_name TEXT NOT NULL,
  metadata_location TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  run TEXT NOT NULL,
  used_at BIGINT NOT NULL
) WITHOUT ROWID;

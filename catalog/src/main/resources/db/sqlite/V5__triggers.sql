-- Ticks are numbered, since not all of them are times of a clock: what made them due, and how far
-- the schedule had looked when they fell due.
CREATE TABLE numbered_ticks (
  schedule TEXT NOT NULL,
  number BIGINT NOT NULL,
  due BIGINT NOT NULL,
  ready BIGINT NOT NULL,
  lacks TEXT NOT NULL,
  reached_time BIGINT NOT NULL,
  positions TEXT NOT NULL,
  parameters TEXT NOT NULL,
  state TEXT NOT NULL,
  missed BIGINT NOT NULL,
  attempt INTEGER NOT NULL,
  run TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  message TEXT NOT NULL,
  PRIMARY KEY (schedule, number)
) WITHOUT ROWID;
INSERT INTO numbered_ticks
  SELECT schedule, row_number() OVER (PARTITION BY schedule ORDER BY due), due, due, '', due, '', '',
    state, missed, attempt, run, started_at, finished_at, message
  FROM ticks;
DROP TABLE ticks;
ALTER TABLE numbered_ticks RENAME TO ticks;
CREATE INDEX ticks_by_due ON ticks (due);

-- What somebody asked schedules to run, and the tick that does it.
CREATE TABLE requests (
  id INTEGER NOT NULL PRIMARY KEY,
  schedule TEXT NOT NULL,
  request_key TEXT,
  parameters TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  tick BIGINT
);
CREATE UNIQUE INDEX requests_by_key ON requests (schedule, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX requests_that_wait ON requests (schedule, id) WHERE tick IS NULL;

-- When somebody last brought tables up to date and all went well, whether or not there was
-- anything to do: the tables each between newlines, or * for all.
CREATE TABLE looks (
  environment TEXT NOT NULL,
  looked_by TEXT NOT NULL,
  tables TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (environment, looked_by, tables)
) WITHOUT ROWID;

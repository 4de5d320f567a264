-- What asked for a run: empty if it was a person's command.
ALTER TABLE runs ADD COLUMN cause TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_by_cause ON runs (cause) WHERE cause <> '';
CREATE INDEX commits_by_run ON commits (run) WHERE run IS NOT NULL;

-- How far schedules have come.
CREATE TABLE schedules (
  name TEXT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL,
  paused_at BIGINT,
  paused_by TEXT
) WITHOUT ROWID;

CREATE TABLE ticks (
  schedule TEXT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL,
  missed BIGINT NOT NULL,
  attempt INTEGER NOT NULL,
  run TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  message TEXT NOT NULL,
  PRIMARY KEY (schedule, due)
) WITHOUT ROWID;
CREATE INDEX ticks_by_due ON ticks (due);

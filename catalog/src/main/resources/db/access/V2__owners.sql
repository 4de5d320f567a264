-- Tokens that somebody has made for himself. One of nobody has an empty owner.

ALTER TABLE tokens ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- a group on each line
ALTER TABLE tokens ADD COLUMN groups TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN role TEXT NOT NULL DEFAULT '';

CREATE INDEX tokens_by_owner ON tokens (owner);

-- When a version was first published, however often its table was.
CREATE INDEX changes_by_version ON changes (version_after, commit_id);

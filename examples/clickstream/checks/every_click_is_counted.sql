/*---
description: No click is lost between the tables.
---*/
SELECT (SELECT count(*) FROM clicks) AS clicks, (SELECT sum(views) FROM page_views) AS views,
       (SELECT sum(clicks) FROM sessions) AS in_sessions
WHERE clicks <> views OR clicks <> in_sessions

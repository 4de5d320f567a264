/*---
description: How often each page was seen in each minute. Late clicks count in the minute in which they were made.
partition_by: hour(minute)
checks:
  - unique: [minute, page]
---*/
SELECT minute, page, count(*) AS views
FROM clicks
GROUP BY minute, page

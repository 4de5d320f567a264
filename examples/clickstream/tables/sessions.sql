/*---
description: Visits. A visitor who does nothing for half an hour begins a new one.
partition_by: bucket(4, visitor)
checks:
  - unique: [visitor, began]
  - ended >= began
---*/
WITH steps AS (
  SELECT visitor, page, clicked_at,
    clicked_at - lag(clicked_at) OVER (PARTITION BY visitor ORDER BY clicked_at, click_id)
      > INTERVAL 30 MINUTES AS is_new
  FROM clicks
),
numbered AS (
  SELECT visitor, page, clicked_at,
    count(*) FILTER (WHERE is_new) OVER (PARTITION BY visitor ORDER BY clicked_at) AS number
  FROM steps
)
SELECT visitor, min(clicked_at) AS began, max(clicked_at) AS ended, count(*) AS clicks,
       bool_or(page = '/checkout') AS has_bought
FROM numbered
GROUP BY visitor, number

/*---
description: Each click once, however often it arrived.
incremental: {key: click_id, latest_by: clicked_at, from: raw.clicks}
partition_by: [hour(minute), "bucket(4, visitor)"]
checks:
  - unique: click_id
---*/
SELECT click_id, visitor, page, clicked_at, date_trunc('minute', clicked_at) AS minute
FROM raw.clicks

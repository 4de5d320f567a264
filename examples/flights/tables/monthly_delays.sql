/*---
description: The daily delays added up to months.
tags: [delays]
checks:
  - unique: [airport, month]
  - share_delayed BETWEEN 0 AND 1
---*/
SELECT
  airport,
  date_trunc('month', day)::DATE AS month,
  sum(flights)::BIGINT AS flights,
  sum(delayed)::BIGINT AS delayed,
  round(sum(delayed) / sum(flights), 4) AS share_delayed
FROM daily_delays
GROUP BY ALL

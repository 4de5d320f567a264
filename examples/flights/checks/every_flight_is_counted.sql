/*---
description: Days, routes and hours count the same flights.
---*/
WITH counts AS (
  SELECT 'daily_delays' AS source, sum(flights) AS flights FROM daily_delays
  UNION ALL
  SELECT 'routes', sum(flights) FROM routes
  UNION ALL
  SELECT 'hours', sum(flights) FROM hours
)
SELECT source, flights, (SELECT count(*) FROM flights) AS expected
FROM counts
WHERE flights <> (SELECT count(*) FROM flights)

/*---
description: Flights and delay by hour of the day and day of the week (1 is Monday).
checks:
  - row_count: {min: 100, max: 168}
  - hour BETWEEN 0 AND 23
---*/
SELECT
  isodow(departure) AS weekday,
  hour(departure) AS hour,
  count(*) AS flights,
  round(avg(delay_minutes), 2) AS average_delay
FROM flights
GROUP BY ALL
ORDER BY weekday, hour

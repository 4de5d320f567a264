/*---
description: The ten busiest hours of the week.
checks:
  - row_count: {min: 10, max: 10}
---*/
SELECT weekday, hour, flights, average_delay
FROM hours
ORDER BY flights DESC, weekday, hour
LIMIT 10

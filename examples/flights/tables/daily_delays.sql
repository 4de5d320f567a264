/*---
description: Flights and delays for each airport and day of departure.
tags: [delays]
checks:
  - not_null: [airport, day]
  - unique: [airport, day]
  - flights >= delayed
---*/
SELECT
  origin AS airport,
  departure::DATE AS day,
  count(*) AS flights,
  count(*) FILTER (WHERE delay_minutes > $late_minutes) AS delayed,
  round(avg(delay_minutes), 2) AS average_delay,
  max(delay_minutes) AS worst_delay
FROM flights
GROUP BY ALL

/*---
description: Flights, distance and delay of each route.
checks:
  - unique: [origin, destination]
  - references: {column: origin, table: airports, key: iata}
---*/
SELECT
  origin,
  destination,
  count(*) AS flights,
  any_value(distance_miles) AS distance_miles,
  round(avg(delay_minutes), 2) AS average_delay,
  quantile_cont(delay_minutes, 0.9) AS delay_90_percent
FROM flights
GROUP BY origin, destination

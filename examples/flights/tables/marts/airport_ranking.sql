/*---
description: Airports by flights in each month, with their place and how it moved since the month before.
checks:
  - unique: [iata, month]
  - accepted_values: {column: trend, values: [up, down, same, new]}
---*/
WITH ranked AS (
  SELECT
    airport,
    month,
    flights,
    share_delayed,
    rank() OVER (PARTITION BY month ORDER BY flights DESC) AS place
  FROM monthly_delays
),
moved AS (
  SELECT *, lag(place) OVER (PARTITION BY airport ORDER BY month) AS place_before
  FROM ranked
)
SELECT
  airports.iata,
  airports.name,
  airports.city,
  airports.state,
  month,
  flights,
  share_delayed,
  place,
  CASE
    WHEN place_before IS NULL THEN 'new'
    WHEN place < place_before THEN 'up'
    WHEN place > place_before THEN 'down'
    ELSE 'same'
  END AS trend
FROM moved
JOIN airports ON airports.iata = moved.airport

/*---
description: The twenty airports with the most departures, with their share of all flights.
checks:
  - row_count: {min: 20, max: 20}
  - unique: iata
---*/
SELECT
  iata,
  any_value(name) AS name,
  any_value(city) AS city,
  sum(flights)::BIGINT AS flights,
  round(sum(flights) / sum(sum(flights)) OVER (), 4) AS share_of_flights,
  row_number() OVER (ORDER BY sum(flights) DESC, iata) AS place
FROM marts.airport_ranking
GROUP BY iata
ORDER BY place
LIMIT 20

/*---
description: Customers by revenue, the best first.
checks:
  - unique: name
---*/
SELECT
  name,
  country,
  sum(revenue) AS revenue,
  rank() OVER (ORDER BY sum(revenue) DESC) AS place
FROM revenue
JOIN customers ON customers.id = revenue.customer
GROUP BY name, country

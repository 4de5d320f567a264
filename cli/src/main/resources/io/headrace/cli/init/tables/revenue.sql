/*---
description: Revenue and number of orders for each customer and day.
checks:
  - not_null: [customer, day]
  - unique: [customer, day]
  - references: {column: customer, table: customers, key: id}
  - revenue > 0
---*/
SELECT
  customer,
  placed AS day,
  count(*) AS orders,
  sum(amount) AS revenue
FROM orders
WHERE placed >= $since
GROUP BY customer, day

/*---
description: The mart has every cent of the revenue.
---*/
SELECT *
FROM (SELECT sum(revenue) AS total FROM revenue) AS a,
     (SELECT sum(revenue) AS total FROM marts.best_customers) AS b
WHERE a.total <> b.total

/*---
description: What the segments of customers do.
---*/
SELECT coalesce(segment, 'unknown') AS segment, count(*) AS sessions,
       count(DISTINCT visitor) AS visitors,
       round(100.0 * count(*) FILTER (WHERE has_bought) / count(*), 1) AS bought_percent
FROM sessions
LEFT JOIN customers ON customer_id = visitor
GROUP BY ALL

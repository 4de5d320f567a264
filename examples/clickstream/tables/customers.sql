/*---
description: Who visitors are, as the shop's own database has it now.
incremental: {key: customer_id, latest_by: changed}
checks:
  - unique: customer_id
---*/
SELECT customer_id, name, segment, changed
FROM raw.customers

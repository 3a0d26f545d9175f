-- What the runs that usage names used, per customer, run, cluster, day and accelerator.
-- The sums are those of daily_usage; customers are found as in totals.
SELECT
  COALESCE(
    d.customer_id,
    m.customer_id,
    'unmapped:' || COALESCE(d.source, '') || ':' || COALESCE(d.account, '')
  ) AS customer,
  d.run_id AS run,
  d.cluster_id AS cluster,
  d.day,
  d.accelerator,
  SUM(d.accelerator_time) AS accelerator_time,
  SUM(d.measured_time) AS measured_time,
  SUM(d.measured_use) AS measured_use
FROM daily AS d
LEFT JOIN account_map AS m
  ON d.customer_id IS NULL AND m.source = d.source AND m.account = d.account
  AND m.first_day <= d.day AND d.day < m.end_day
WHERE d.run_id IS NOT NULL AND d.day >= :first_day AND d.day < :end_day
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 4, 5, 3

-- What a few customers used, per legal day, account, cluster, run and accelerator.
--
-- Relations: daily (see daily_usage), wanted_customers, and account_map with the
-- periods of those customers' accounts only. The sums are those of daily_usage.
WITH used AS (
  SELECT
    d.customer_id AS customer,
    d.day,
    d.account,
    d.cluster_id,
    d.run_id,
    d.accelerator,
    d.accelerator_time,
    d.measured_time,
    d.measured_use,
    d.records
  FROM daily AS d
  JOIN wanted_customers AS w ON w.customer = d.customer_id
  WHERE d.day >= :first_day AND d.day < :end_day
  UNION ALL
  SELECT
    m.customer_id AS customer,
    d.day,
    d.account,
    d.cluster_id,
    d.run_id,
    d.accelerator,
    d.accelerator_time,
    d.measured_time,
    d.measured_use,
    d.records
  FROM daily AS d
  JOIN account_map AS m
    ON m.source = d.source AND m.account = d.account
    AND m.first_day <= d.day AND d.day < m.end_day
  WHERE d.customer_id IS NULL AND d.day >= :first_day AND d.day < :end_day
)
SELECT
  customer,
  day,
  account,
  cluster_id AS cluster,
  run_id AS run,
  accelerator,
  SUM(accelerator_time) AS accelerator_time,
  SUM(measured_time) AS measured_time,
  SUM(measured_use) AS measured_use,
  SUM(records) AS records
FROM used
GROUP BY customer, day, account, cluster_id, run_id, accelerator
ORDER BY customer, day, account, cluster_id, run_id, accelerator

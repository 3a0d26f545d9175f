-- Compute per dimension and window, with three bounds and the ceiling.
--
-- Relations: daily (see daily_usage), account_map (which customer an account
-- belonged to, and when; its periods do not overlap), customer_groups,
-- cluster_regions, wanted_customers (who counts, unless :every_customer is 1),
-- and rates: per day and accelerator the window the day is in and the FLOP of
-- one millisecond at one basis point.
--
-- All figures are FLOP × 1,000,000, because accelerators are counted in
-- millionths; whoever reads them divides once. Exact: only integers are
-- multiplied and added, with 38 digits. A bound is the measured use as it is,
-- and the time without a measurement at an assumed utilisation.
WITH owned AS (
  SELECT
    COALESCE(
      d.customer_id,
      m.customer_id,
      'unmapped:' || COALESCE(d.source, '') || ':' || COALESCE(d.account, '')
    ) AS customer,
    d.account,
    d.run_id AS run,
    d.cluster_id AS cluster,
    d.team,
    d.accelerator,
    r.window_start,
    d.accelerator_time,
    d.measured_time,
    d.measured_use,
    d.records,
    CAST(r.flop_low AS DECIMAL(38, 0)) AS flop_low,
    CAST(r.flop_central AS DECIMAL(38, 0)) AS flop_central,
    CAST(r.flop_high AS DECIMAL(38, 0)) AS flop_high
  FROM daily AS d
  JOIN rates AS r ON r.day = d.day AND r.accelerator = d.accelerator
  LEFT JOIN account_map AS m
    ON d.customer_id IS NULL AND m.source = d.source AND m.account = d.account
    AND m.first_day <= d.day AND d.day < m.end_day
), placed AS (
  SELECT
    o.*,
    COALESCE(g.group_id, o.customer) AS customer_group,
    p.region
  FROM owned AS o
  LEFT JOIN customer_groups AS g ON g.customer = o.customer
  LEFT JOIN cluster_regions AS p ON p.cluster = o.cluster
  WHERE :every_customer = 1 OR o.customer IN (SELECT w.customer FROM wanted_customers AS w)
)
SELECT
  customer,
  customer_group,
  account,
  run,
  cluster,
  region,
  accelerator,
  team,
  window_start,
  SUM(
    ((accelerator_time - measured_time) * CAST(:low_bp AS DECIMAL(38, 0)) + measured_use)
    * flop_low
  ) AS low,
  SUM(
    ((accelerator_time - measured_time) * CAST(:central_bp AS DECIMAL(38, 0)) + measured_use)
    * flop_central
  ) AS central,
  SUM(
    ((accelerator_time - measured_time) * CAST(:high_bp AS DECIMAL(38, 0)) + measured_use)
    * flop_high
  ) AS high,
  SUM(accelerator_time * CAST(10000 AS DECIMAL(38, 0)) * flop_high) AS ceiling,
  SUM(accelerator_time) AS accelerator_time,
  SUM(measured_time) AS measured_time,
  SUM(records) AS records
FROM placed
GROUP BY customer, customer_group, account, run, cluster, region, accelerator, team, window_start

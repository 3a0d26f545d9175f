-- When each run that usage names was at work, and its peak of accelerators.
--
-- A run is a customer's run_id. Every record adds its accelerators at its start
-- and takes them away at its end; the running sum of these steps is how many
-- are at work at once. Integers only, so the peak is exact.
WITH work AS (
  SELECT
    COALESCE(
      u.customer_id,
      m.customer_id,
      'unmapped:' || COALESCE(u.source, '') || ':' || COALESCE(u.account, '')
    ) AS customer,
    u.run_id AS run,
    u.start_ms,
    u.end_ms,
    CAST(u.accelerators_millionths AS DECIMAL(38, 0)) AS accelerators
  FROM usage AS u
  LEFT JOIN account_map AS m
    ON u.customer_id IS NULL AND m.source = u.source AND m.account = u.account
    AND m.first_day <= u.day AND u.day < m.end_day
  WHERE u.run_id IS NOT NULL AND u.day >= :first_day AND u.day < :end_day
), steps AS (
  SELECT customer, run, start_ms AS at_ms, accelerators AS step FROM work
  UNION ALL
  SELECT customer, run, end_ms AS at_ms, -accelerators AS step FROM work
), changes AS (
  SELECT customer, run, at_ms, SUM(step) AS step
  FROM steps
  GROUP BY customer, run, at_ms
), levels AS (
  SELECT
    customer,
    run,
    at_ms,
    SUM(step) OVER (
      PARTITION BY customer, run ORDER BY at_ms
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS accelerators
  FROM changes
)
SELECT
  customer,
  run,
  MIN(at_ms) AS start_ms,
  MAX(at_ms) AS end_ms,
  MAX(accelerators) AS peak_millionths
FROM levels
GROUP BY customer, run
ORDER BY customer, run

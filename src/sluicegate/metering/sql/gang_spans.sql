-- Large gangs among the usage that names no run: runs nobody declared.
--
-- Per customer and cluster, the running sum of starts and ends is how many
-- accelerators are at work at once. A stretch in which at least :gang_millionths
-- are at work is part of a run; stretches with a pause of at most :gap_ms
-- between them are one run. gang_ms is the time at or above the gang size;
-- gang_time sums accelerators × milliseconds over it, so that gang_time / gang_ms
-- is the mean size; previous_end_ms is where the run before it ended.
WITH work AS (
  SELECT
    COALESCE(
      u.customer_id,
      m.customer_id,
      'unmapped:' || COALESCE(u.source, '') || ':' || COALESCE(u.account, '')
    ) AS customer,
    COALESCE(u.cluster_id, '') AS cluster,
    u.start_ms,
    u.end_ms,
    CAST(u.accelerators_millionths AS DECIMAL(38, 0)) AS accelerators
  FROM usage AS u
  LEFT JOIN account_map AS m
    ON u.customer_id IS NULL AND m.source = u.source AND m.account = u.account
    AND m.first_day <= u.day AND u.day < m.end_day
  WHERE u.run_id IS NULL AND u.day >= :first_day AND u.day < :end_day
), steps AS (
  SELECT customer, cluster, start_ms AS at_ms, accelerators AS step FROM work
  UNION ALL
  SELECT customer, cluster, end_ms AS at_ms, -accelerators AS step FROM work
), changes AS (
  SELECT customer, cluster, at_ms, SUM(step) AS step
  FROM steps
  GROUP BY customer, cluster, at_ms
), levels AS (
  SELECT
    customer,
    cluster,
    at_ms,
    LEAD(at_ms) OVER (PARTITION BY customer, cluster ORDER BY at_ms) AS until_ms,
    SUM(step) OVER (
      PARTITION BY customer, cluster ORDER BY at_ms
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS accelerators
  FROM changes
), large AS (
  SELECT
    customer,
    cluster,
    at_ms,
    until_ms,
    accelerators,
    LAG(until_ms) OVER (PARTITION BY customer, cluster ORDER BY at_ms) AS before_ms
  FROM levels
  WHERE accelerators >= :gang_millionths AND until_ms > at_ms
), numbered AS (
  SELECT
    large.*,
    SUM(CASE WHEN before_ms IS NULL OR at_ms - before_ms > :gap_ms THEN 1 ELSE 0 END) OVER (
      PARTITION BY customer, cluster ORDER BY at_ms
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS island
  FROM large
), islands AS (
  SELECT
    customer,
    cluster,
    island,
    MIN(at_ms) AS start_ms,
    MAX(until_ms) AS end_ms,
    MAX(accelerators) AS peak_millionths,
    SUM(until_ms - at_ms) AS gang_ms,
    SUM(accelerators * CAST(until_ms - at_ms AS DECIMAL(38, 0))) AS gang_time
  FROM numbered
  GROUP BY customer, cluster, island
)
SELECT
  customer,
  cluster,
  start_ms,
  end_ms,
  peak_millionths,
  gang_ms,
  gang_time,
  LAG(end_ms) OVER (PARTITION BY customer, cluster ORDER BY start_ms) AS previous_end_ms
FROM islands
ORDER BY customer, cluster, start_ms

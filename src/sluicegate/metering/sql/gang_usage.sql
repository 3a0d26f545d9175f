-- What the assembled runs of gang_spans used, per run, day and accelerator.
--
-- A record belongs to the first run that it overlaps, so that none is counted
-- twice: it overlaps the run, and it began after the run before it had ended.
-- The sums are those of daily_usage, exact for the same reason.
WITH work AS (
  SELECT
    COALESCE(
      u.customer_id,
      m.customer_id,
      'unmapped:' || COALESCE(u.source, '') || ':' || COALESCE(u.account, '')
    ) AS customer,
    COALESCE(u.cluster_id, '') AS cluster,
    u.day,
    u.accelerator,
    u.start_ms,
    u.end_ms,
    u.accelerators_millionths,
    u.duration_ms,
    u.utilisation_bp
  FROM usage AS u
  LEFT JOIN account_map AS m
    ON u.customer_id IS NULL AND m.source = u.source AND m.account = u.account
    AND m.first_day <= u.day AND u.day < m.end_day
  WHERE u.run_id IS NULL AND u.day >= :first_day AND u.day < :end_day
)
SELECT
  g.run,
  w.day,
  w.accelerator,
  SUM(
    CAST(w.accelerators_millionths AS DECIMAL(38, 0)) * CAST(w.duration_ms AS DECIMAL(38, 0))
  ) AS accelerator_time,
  SUM(
    CASE WHEN w.utilisation_bp IS NULL THEN 0 ELSE
      CAST(w.accelerators_millionths AS DECIMAL(38, 0)) * CAST(w.duration_ms AS DECIMAL(38, 0))
    END
  ) AS measured_time,
  COALESCE(SUM(
    CAST(w.accelerators_millionths AS DECIMAL(38, 0)) * CAST(w.duration_ms AS DECIMAL(38, 0))
    * CAST(w.utilisation_bp AS DECIMAL(38, 0))
  ), 0) AS measured_use
FROM work AS w
JOIN gangs AS g
  ON g.customer = w.customer AND g.cluster = w.cluster
  AND w.start_ms < g.end_ms AND w.end_ms > g.start_ms AND w.start_ms >= g.previous_end_ms
GROUP BY g.run, w.day, w.accelerator
ORDER BY g.run, w.day, w.accelerator

-- What was used, per legal day and key, as exact integers.
--
-- accelerator_time  millionths of accelerators × milliseconds, of all records
-- measured_time     the same, of the records whose utilisation was measured
-- measured_use      the same × the measured utilisation in basis points
-- records           segments of records that were summed
--
-- Exact: each operand is an integer and is widened to 38 digits before it is
-- multiplied, and a sum of integers is the same in every order. A product or
-- sum past 38 digits stops the statement. Sums of parts may be added up later.
SELECT
  day,
  source,
  customer_id,
  account,
  cluster_id,
  run_id,
  team,
  accelerator,
  SUM(
    CAST(accelerators_millionths AS DECIMAL(38, 0)) * CAST(duration_ms AS DECIMAL(38, 0))
  ) AS accelerator_time,
  SUM(
    CASE WHEN utilisation_bp IS NULL THEN 0 ELSE
      CAST(accelerators_millionths AS DECIMAL(38, 0)) * CAST(duration_ms AS DECIMAL(38, 0))
    END
  ) AS measured_time,
  COALESCE(SUM(
    CAST(accelerators_millionths AS DECIMAL(38, 0)) * CAST(duration_ms AS DECIMAL(38, 0))
    * CAST(utilisation_bp AS DECIMAL(38, 0))
  ), 0) AS measured_use,
  COUNT(*) AS records
FROM usage
WHERE day >= :first_day AND day < :end_day
GROUP BY day, source, customer_id, account, cluster_id, run_id, team, accelerator

-- The records behind a figure, the largest first: what `explain` prints last.
--
-- A subject is given by a customer, a cluster and a run, each of which may be
-- '' for any; `size` orders by accelerators × milliseconds. A record that
-- crosses midnight stands here once per legal day.
SELECT
  COALESCE(
    u.customer_id,
    m.customer_id,
    'unmapped:' || COALESCE(u.source, '') || ':' || COALESCE(u.account, '')
  ) AS customer,
  u.source,
  u.record_id,
  u.day,
  u.start_ms,
  u.end_ms,
  u.cluster_id,
  u.run_id,
  u.accelerator,
  u.accelerators_millionths,
  u.utilisation_bp,
  CAST(u.accelerators_millionths AS DECIMAL(38, 0)) * CAST(u.duration_ms AS DECIMAL(38, 0)) AS size
FROM usage AS u
LEFT JOIN account_map AS m
  ON u.customer_id IS NULL AND m.source = u.source AND m.account = u.account
  AND m.first_day <= u.day AND u.day < m.end_day
JOIN subjects AS s
  ON s.customer = COALESCE(
    u.customer_id,
    m.customer_id,
    'unmapped:' || COALESCE(u.source, '') || ':' || COALESCE(u.account, '')
  )
  AND (s.cluster = '' OR s.cluster = COALESCE(u.cluster_id, ''))
  AND (s.run = '' OR s.run = COALESCE(u.run_id, ''))
  AND u.start_ms < s.end_ms AND u.end_ms > s.start_ms
WHERE u.day >= :first_day AND u.day < :end_day
ORDER BY size DESC, u.source, u.record_id, u.day
LIMIT 200

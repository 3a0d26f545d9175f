-- Which accelerators were used on which legal days: the pairs that need a rate.
SELECT day, accelerator, SUM(records) AS records
FROM daily
WHERE day >= :first_day AND day < :end_day
GROUP BY day, accelerator
ORDER BY day, accelerator

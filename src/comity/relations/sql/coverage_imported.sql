-- How much an import holds, by day: its events stand for what was read.
SELECT day_first AS day, origin AS outlet, count(*) AS reports
FROM events_v1 WHERE origin = $origin AND day_first IS NOT NULL
GROUP BY ALL ORDER BY ALL

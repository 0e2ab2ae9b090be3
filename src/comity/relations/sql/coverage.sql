-- How much was read, by day and outlet.
SELECT day, coalesce(outlet, '(unknown outlet)') AS outlet, count(*) AS reports
FROM reports_v1 WHERE day IS NOT NULL {where}
GROUP BY ALL ORDER BY ALL

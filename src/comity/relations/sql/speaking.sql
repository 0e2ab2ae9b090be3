-- Who speaks in each of the chosen reports, and in how many statements. said.py fills the braces.
WITH reports AS (SELECT id FROM reports_v1 WHERE {reports})
SELECT report_id, list_sort(list_distinct(flatten(list(countries)))) AS countries,
       count(*) FILTER (polarity = 'positive' AND modality = 'actual') AS statements
FROM statements_v1 s
WHERE {statements} AND report_id IN (SELECT id FROM reports)
GROUP BY report_id ORDER BY report_id

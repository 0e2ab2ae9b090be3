-- Where actors are named in the chosen reports. said.py fills the brace.
SELECT m.report_id, m.start, m."end", m.country, m.sector, m.text
FROM mentions_v1 m JOIN (SELECT id FROM reports_v1 WHERE {reports}) r ON r.id = m.report_id
WHERE m.country IS NOT NULL OR m.actor IS NOT NULL
ORDER BY m.report_id, m.start, m."end"

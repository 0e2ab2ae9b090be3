-- The chosen statements of the chosen reports. said.py fills the braces.
SELECT id, report_id FROM statements_v1
WHERE {statements} AND report_id IN (SELECT id FROM reports_v1 WHERE {reports})

-- What the chosen reports tell of: one row for each international event of theirs that is not background, whoever
-- asserts it and whatever its status. compare.py fills the brace; copies of another report's wording are marked.
WITH reports AS (SELECT id, copy_of FROM reports_v1 r LEFT JOIN stories_v1 s ON s.report_id = r.id WHERE {reports})
SELECT e.id, e.report_id, o.occurrence, e.type, e.mode, e.quad, e.status, e.account_party, e.sources, e.targets, e.mutual,
       e.confidence
FROM events_v1 e JOIN reports r ON r.id = e.report_id LEFT JOIN occurrence_accounts_v1 o ON o.event_id = e.id
WHERE NOT e.background AND e.scope IS DISTINCT FROM 'domestic' AND coalesce(e.confidence, 1) >= {confidence}
ORDER BY e.report_id, e.sentence[1], e.id

-- Every addition has its own rev; (report, text) stands once a coding; (rev, n) is the key of a record.
SELECT 'several additions have one number' AS what, 'rev ' || min(rev) AS "where", count(*) AS number
FROM (SELECT rev FROM (SELECT rev FROM store.reports UNION ALL SELECT rev FROM store.imports WHERE rev > 0)
      GROUP BY rev HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'a report stands twice', 'report ' || min(id), count(*)
FROM (SELECT id FROM store.reports GROUP BY id, coding_hash HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'a report has two current revisions', 'report ' || min(id), count(*)
FROM (SELECT id FROM store.current_reports GROUP BY id HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'an event is stored twice', 'event ' || min(id), count(*)
FROM (SELECT min(id) AS id FROM store.events GROUP BY rev, n HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'a statement is stored twice', 'statement ' || min(id), count(*)
FROM (SELECT min(id) AS id FROM store.statements GROUP BY rev, n HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'two events of a report have one id', 'event ' || min(id), count(*)
FROM (SELECT id FROM store.events GROUP BY rev, id HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'two statements of a report have one id', 'statement ' || min(id), count(*)
FROM (SELECT id FROM store.statements GROUP BY rev, id HAVING count(*) > 1)
HAVING count(*) > 0

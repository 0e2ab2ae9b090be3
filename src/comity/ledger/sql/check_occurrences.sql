-- Once everything has its place, every occurrence holds the event that leads it, and every story its leading report.
WITH settled AS (
  SELECT max(rev) >= (SELECT coalesce(max(rev), 0) FROM store.reports)
         AND max(seq) >= (SELECT coalesce(max(seq), 0) FROM store.corrected_events) AS all_of_it
  FROM store.settled
)
SELECT 'an occurrence lacks the event that leads it' AS what, 'event ' || min(a.occurrence) AS "where",
       count(DISTINCT a.occurrence) AS number
FROM occurrence_accounts_v1 a
ANTI JOIN (SELECT event_id, occurrence FROM occurrence_accounts_v1) l
  ON l.event_id = a.occurrence AND l.occurrence = a.occurrence
WHERE (SELECT all_of_it FROM settled)
HAVING count(*) > 0
UNION ALL
SELECT 'a story lacks the report that leads it', 'report ' || min(s.story), count(DISTINCT s.story)
FROM stories_v1 s
ANTI JOIN (SELECT report_id, story FROM stories_v1) l ON l.report_id = s.story AND l.story = s.story
WHERE (SELECT all_of_it FROM settled)
HAVING count(*) > 0

-- The words of the chosen statements: one row for each statement, with what is needed to tell whose they are.
-- said.py fills the braces.
WITH reports AS (
  SELECT id, text, day, outlet, outlet_country FROM reports_v1 WHERE {reports}
)
SELECT s.id, s.report_id, s.speakers, s.addressee, s.polarity, s.modality, s.content, s.day_first, s.cue,
       [substring(r.text, c[1] + 1, c[2] - c[1]) FOR c IN s.content] AS words,
       r.day, r.outlet, r.outlet_country
FROM statements_v1 s JOIN reports r ON r.id = s.report_id
WHERE {statements}
ORDER BY r.day NULLS LAST, s.report_id, s.content[1][1], s.id

-- Who speaks: one row for each statement of the chosen reports and each of its speakers. said.py fills the braces.
-- nested: inside another statement, whose words hold its own. own_words: some of it is in quotation marks.
WITH reports AS (
  SELECT id, title, text, day, outlet, outlet_country, outlet_ownership FROM reports_v1 WHERE {reports}
),
chosen AS (
  SELECT id, report_id, kind <> 'indirect' AS own_words, polarity = 'negative' AS declined, modality, continued,
         within IS NOT NULL AS nested, via, content, speakers
  FROM statements_v1 WHERE {statements}
),
worded AS (
  SELECT c.* EXCLUDE (content), r.day, r.outlet, r.outlet_country, r.outlet_ownership,
         list_sum([len(string_split_regex(trim(substring(r.text, s[1] + 1, s[2] - s[1])), '\s+')) FOR s IN content])
           ::DOUBLE AS words
  FROM chosen c JOIN reports r ON r.id = c.report_id
)
SELECT w.* EXCLUDE (speakers), len(speakers) AS speaker_count, s.country, s.sector, coalesce(s.name, s.text) AS name,
       s.actor, s.office, s.anonymous, s.anonymous_type
FROM (SELECT *, unnest(speakers) AS s FROM worded) w
ORDER BY report_id, id, name

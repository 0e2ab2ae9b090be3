-- How each state stands in each of the chosen reports: who is discussed, accused, quoted. said.py fills the brace.
-- discussed: named in what somebody else is quoted with. accused: the target of an international ACCUSE, whoever says so.
-- quoted: somebody who speaks for it says something; declined: "declined to comment"; people: somebody of it who does
-- not speak for it (a firm, a party, a medium, a scholar) is quoted.
WITH reports AS (SELECT id FROM reports_v1 WHERE {reports}),
said AS (
  SELECT report_id, about, countries, polarity = 'positive' AND modality = 'actual' AS said
  FROM statements_v1 WHERE report_id IN (SELECT id FROM reports)
),
marks AS (
  SELECT report_id, unnest(about) AS code, 'discussed' AS mark, countries FROM said
  UNION ALL
  SELECT report_id, unnest(countries), CASE WHEN said THEN 'quoted' ELSE 'declined' END, NULL FROM said
  UNION ALL
  SELECT report_id, unnest(targets), 'accused', NULL FROM events_v1
  WHERE type = 'ACCUSE' AND NOT background AND status = 'actual' AND scope IS DISTINCT FROM 'domestic'
    AND report_id IN (SELECT id FROM reports)
),
standing AS (
  SELECT report_id, CASE WHEN starts_with(code, 'GROUP:') THEN split_part(code, '@', -1) ELSE code END AS state,
         CASE WHEN starts_with(code, 'GROUP:') THEN CASE WHEN mark = 'quoted' THEN 'people' END ELSE mark END AS mark
  FROM marks
  WHERE mark <> 'discussed' OR NOT list_contains(countries, code)
)
SELECT report_id, state, bool_or(mark = 'discussed') AS discussed, bool_or(mark = 'accused') AS accused,
       bool_or(mark = 'quoted') AS quoted, bool_or(mark = 'declined') AS declined, bool_or(mark = 'people') AS people
FROM standing WHERE mark IS NOT NULL AND state <> 'null'
GROUP BY ALL ORDER BY ALL

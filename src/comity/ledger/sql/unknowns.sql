-- Names that no table knows, most frequent first. An actor that a report taught has an id that begins with "name:" and
-- is the same in all reports; a name that is nobody's at all is counted by its words.
WITH named AS (
  SELECT m.report_id, m.start, m."end", m.country, m.office, m.sector, r.published, r.outlet,
         coalesce(a.name, m.text) AS name, coalesce(a.kind, 'unknown') AS kind
  FROM mentions_v1 m
  JOIN reports_v1 r ON r.id = m.report_id
  LEFT JOIN actors_v1 a ON a.report_id = m.report_id AND a.id = m.actor
  WHERE m.actor LIKE 'name:%' OR (m.actor IS NULL AND regexp_matches(m.text, '^\p{Lu}'))
),
counted AS (
  SELECT name, kind, count(*) AS mentions, count(DISTINCT report_id) AS reports,
         mode(country) AS country, mode(office) AS office, mode(sector) AS sector,
         min(published)[:10] AS first, max(published)[:10] AS last,
         list_sort(list(DISTINCT outlet) FILTER (outlet IS NOT NULL))[:3] AS outlets,
         min({'report_id': report_id, 'start': start, 'end': "end"}) AS seen
  FROM named
  WHERE $kind IS NULL OR kind = $kind
  GROUP BY name, kind
  ORDER BY reports DESC, mentions DESC, name, kind
  LIMIT $most
)
SELECT c.* EXCLUDE (seen, country),
       -- a private person's or a body's code is its state, as in the actor tables
       CASE WHEN c.country LIKE 'GROUP:%@%' THEN nullif(regexp_extract(c.country, '@(\w+)$', 1), 'null') ELSE c.country END AS country,
       seen.report_id AS report,
       regexp_replace(substring(r.text, greatest(seen.start - 69, 1), seen."end" - greatest(seen.start - 70, 0) + 90), '\s+', ' ', 'g') AS example
FROM counted c JOIN reports_v1 r ON r.id = seen.report_id
ORDER BY reports DESC, mentions DESC, name, kind

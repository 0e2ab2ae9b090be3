-- Every span lies in its report's text; where the words were recorded too, they are the words at that place. Of a text
-- that was left out for sharing, the length is known.
WITH texts AS (
  SELECT rev, r.id, r.text, coalesce(w.characters, length(r.text)) AS characters, w.rev IS NOT NULL AS withheld
  FROM store.reports r LEFT JOIN store.withheld w USING (rev)
),
spans AS (
  SELECT rev, 'mention ' || n AS id, start AS a, "end" AS b, text AS words FROM store.mentions
  UNION ALL SELECT rev, 'date ' || n, start, "end", text FROM store.dates
  UNION ALL SELECT rev, 'place ' || n, start, "end", text FROM store.places
  UNION ALL SELECT rev, 'statement ' || id, p.start, p."end", p.text
            FROM (SELECT rev, id, unnest(list_append(speakers, addressee::STRUCT(start BIGINT, "end" BIGINT, text VARCHAR,
                  actor VARCHAR, name VARCHAR, country VARCHAR, sector VARCHAR, office VARCHAR, office_status VARCHAR,
                  anonymous BOOLEAN, anonymous_type VARCHAR))) AS p FROM store.statements)
            WHERE p.start IS NOT NULL
  UNION ALL SELECT rev, 'statement ' || id, c[1], c[2], NULL
            FROM (SELECT rev, id, unnest(list_concat(content, [cue, date_span])) AS c FROM store.statements)
            WHERE c IS NOT NULL
  UNION ALL SELECT rev, 'event ' || id, p.start, p."end", p.text
            FROM (SELECT rev, id, unnest(source || target) AS p FROM store.events WHERE origin = 'comity')
            WHERE p.start IS NOT NULL
  UNION ALL SELECT rev, 'event ' || id, place.start, place."end", place.text
            FROM store.events WHERE origin = 'comity' AND place IS NOT NULL
  UNION ALL SELECT rev, 'event ' || id, c[1], c[2], NULL
            FROM (SELECT rev, id, unnest([sentence, trigger, date_span]) AS c FROM store.events WHERE origin = 'comity')
            WHERE c IS NOT NULL
),
checked AS (
  SELECT 'report ' || r.id || ', ' || s.id AS id,
         NOT (0 <= a AND a <= b AND b <= r.characters) AS outside,
         NOT r.withheld AND words IS NOT NULL AND substring(r.text, a + 1, b - a) <> words AS other
  FROM spans s JOIN texts r USING (rev)
)
SELECT 'a span lies outside the text' AS what, min(id) AS "where", count(*) AS number
FROM checked WHERE outside HAVING count(*) > 0
UNION ALL
SELECT 'a span slices to other words than were recorded', min(id), count(*)
FROM checked WHERE NOT outside AND other HAVING count(*) > 0

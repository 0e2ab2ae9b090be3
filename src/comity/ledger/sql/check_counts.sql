-- No report is there by half: each has as many records as it was added with, and no record lacks its report or file.
WITH additions AS (
  SELECT rev, id, actors, mentions, dates, places, statements, events FROM store.reports
  UNION ALL
  SELECT rev, file, 0, 0, 0, 0, 0, rows FROM store.imports WHERE rev > 0
),
expected AS (UNPIVOT additions ON actors, mentions, dates, places, statements, events INTO NAME relation VALUE number),
found AS (
  SELECT rev, 'actors' AS relation, count(*) AS number FROM store.actors GROUP BY rev
  UNION ALL SELECT rev, 'mentions', count(*) FROM store.mentions GROUP BY rev
  UNION ALL SELECT rev, 'dates', count(*) FROM store.dates GROUP BY rev
  UNION ALL SELECT rev, 'places', count(*) FROM store.places GROUP BY rev
  UNION ALL SELECT rev, 'statements', count(*) FROM store.statements GROUP BY rev
  UNION ALL SELECT rev, 'events', count(*) FROM store.events GROUP BY rev
),
compared AS (
  SELECT coalesce(e.id, 'rev ' || f.rev) AS id, relation, e.number AS expected, coalesce(f.number, 0) AS found
  FROM expected e FULL JOIN found f USING (rev, relation)
)
SELECT 'has ' || min(found) || ' ' || relation || ' instead of ' || coalesce(min(expected)::VARCHAR, 'none') AS what,
       'report ' || min(id) AS "where", count(*) AS number
FROM compared WHERE expected IS DISTINCT FROM found
GROUP BY relation

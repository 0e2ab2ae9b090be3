-- What a record names by id stands in the same report.
SELECT 'an event rests on a statement that is not there' AS what, 'event ' || min(e.id) AS "where", count(*) AS number
FROM store.events e ANTI JOIN store.statements s ON s.rev = e.rev AND s.id = e.account
WHERE e.account IS NOT NULL
HAVING count(*) > 0
UNION ALL
SELECT 'a statement is within one that is not there', 'statement ' || min(e.id), count(*)
FROM store.statements e ANTI JOIN store.statements s ON s.rev = e.rev AND s.id = e.within
WHERE e.within IS NOT NULL
HAVING count(*) > 0
UNION ALL
SELECT 'a mention names an actor that is not in the cast', 'report ' || min(m.report_id), count(*)
FROM store.mentions m ANTI JOIN store.actors a ON a.rev = m.rev AND a.id = m.actor
WHERE m.actor IS NOT NULL
HAVING count(*) > 0
UNION ALL
SELECT 'a speaker names an actor that is not in the cast', 'statement ' || min(p.id), count(*)
FROM (SELECT rev, id, unnest(speakers) AS party FROM store.statements) p
ANTI JOIN store.actors a ON a.rev = p.rev AND a.id = p.party.actor
WHERE p.party.actor IS NOT NULL
HAVING count(*) > 0
UNION ALL
SELECT 'a source or target names an actor that is not in the cast', 'event ' || min(p.id), count(*)
FROM (SELECT rev, id, unnest(source || target) AS party FROM store.events WHERE origin = 'comity') p
ANTI JOIN store.actors a ON a.rev = p.rev AND a.id = p.party.actor
WHERE p.party.actor IS NOT NULL
HAVING count(*) > 0

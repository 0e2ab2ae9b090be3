-- What each party does, has done to it, or takes part in. A SELECT over ``counted`` (told.py): an act joins a pair of
-- parties; way 0 goes from lo to hi, 1 from hi to lo, 2 both ways. block: acts that hang together, from 0 to 1023.
SELECT party, {cell} AS cell, hash(coalesce(report_id, id)) % 1024 AS block, sum(weight) AS weight
FROM (
  SELECT *, unnest(CASE WHEN $side = 'both' OR way = 2 THEN [lo, hi]
                        WHEN ($side = 'source') = (way = 0) THEN [lo] ELSE [hi] END) AS party
  FROM counted
)
GROUP BY ALL ORDER BY ALL

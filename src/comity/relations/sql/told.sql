-- The events that a choice lets in: one row in `counted` for each event and each pair of parties that it joins. told.py
-- fills the braces with what follows from the choice; values are parameters. Conditions on narrow columns stand in
-- `chosen`, so that the parties themselves are read for few rows.
-- lo, hi: the two codes in order. way: 0 from lo to hi, 1 from hi to lo, 2 both (a mutual event, or one that has both on
-- both sides). sign: 1 cooperation, -1 conflict, 0 a request that asks for no change and no yielding. weight: a unit's
-- weights add up to 1 for each pair, so that a happening counts once however often it is told.
WITH chosen AS (
  SELECT e.id, {unit} AS unit, {copy_of} AS copy_of, e.report_id, status, type, mode, quad, intensity, mutual, day_first,
         date_precision, e.published, confidence, contact, place, e.outlet, e.outlet_country, {source} AS s, {target} AS t
  FROM events_v1 e {accounts}
  WHERE {where}
),
told AS (
  SELECT * FROM chosen WHERE len(s) > 0 AND len(t) > 0 {once}
),
sides AS (SELECT *, unnest(s) AS a FROM told),
directed AS (SELECT *, unnest(t) AS b FROM sides),
paired AS (
  SELECT *, list_contains(s, b) AND list_contains(t, a) AS both_ways FROM directed WHERE a <> b
),
counted AS (
  SELECT * EXCLUDE (a, b, s, t, mutual, both_ways, quad), s AS sources, t AS targets,
         least(a, b) AS lo, greatest(a, b) AS hi,
         CASE WHEN mutual OR both_ways THEN 2 WHEN a < b THEN 0 ELSE 1 END::TINYINT AS way,
         {sign} AS sign, {quad_number} AS quad_number, {weight} AS weight
  FROM paired WHERE a < b OR NOT both_ways
)
{select}

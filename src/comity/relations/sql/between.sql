-- The events between two parties that the choice lets in. told.py fills the braces with conditions that follow from the
-- choice; values are parameters. Conditions on narrow columns stand in `chosen`, so that the parties themselves are read
-- for few rows.
-- way: 0 from $a to $b, 1 from $b to $a, 2 both (a mutual event, or one that has both on both sides)
WITH chosen AS (
  SELECT id, report_id, type, mode, quad, intensity, mutual, day_first, date_precision, confidence,
         {source} AS s, {target} AS t
  FROM events_v1
  WHERE {where}
),
flagged AS (
  SELECT * EXCLUDE (s, t),
         list_contains(s, {a}) AND list_contains(t, {b}) AS forth, list_contains(s, {b}) AND list_contains(t, {a}) AS back
  FROM chosen
),
placed AS (
  SELECT * EXCLUDE (forth, back),
         CASE WHEN mutual OR forth AND back THEN 2 WHEN forth THEN 0 ELSE 1 END::TINYINT AS way,
         {sign} AS sign, {quad} AS quad_number, {fine} AS fine
  FROM flagged WHERE forth OR back
),
told AS (
  SELECT *, {weight} AS weight FROM (SELECT * FROM placed {once}) {accounts}
)
{select}

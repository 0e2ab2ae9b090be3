-- As told.sql, for one pair: the same rows of `counted`, without making lists of all parties of each event.
-- lo_source …: whether the party whose code is lo is a source, as the choice sees parties.
WITH chosen AS (
  SELECT e.*, {unit} AS unit, {copy_of} AS copy_of,
         {lo_source} AS lo_source, {lo_target} AS lo_target, {hi_source} AS hi_source, {hi_target} AS hi_target
  FROM events_v1 e {accounts}
  WHERE {where}
),
told AS (
  SELECT *, lo_source AND hi_target AS forth, hi_source AND lo_target AS back
  FROM chosen WHERE lo_source AND hi_target OR hi_source AND lo_target
),
counted AS (
  SELECT * EXCLUDE (mutual, quad),
         {lo} AS lo, {hi} AS hi,
         CASE WHEN mutual OR forth AND back THEN 2 WHEN forth THEN 0 ELSE 1 END::TINYINT AS way,
         {sign} AS sign, {quad_number} AS quad_number, {weight} AS weight
  FROM (SELECT * FROM told {once})
)
{select}

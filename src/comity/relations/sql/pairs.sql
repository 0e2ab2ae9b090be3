-- Sums over all pairs of parties; see between.sql. Every event counts once for each pair of parties that it joins.
WITH chosen AS (
  SELECT id, report_id, type, mode, quad, intensity, mutual, day_first, confidence, {source} AS s, {target} AS t
  FROM events_v1
  WHERE {where}
),
told AS (
  SELECT *, {weight} AS weight, {sign} AS sign
  FROM (SELECT * FROM chosen WHERE len(s) > 0 AND len(t) > 0 {once}) {accounts}
),
directed AS (
  SELECT * EXCLUDE (t), unnest(t) AS b
  FROM (SELECT id, report_id, mutual, weight, sign, intensity, t, unnest(s) AS a FROM told)
),
paired AS (
  SELECT id, report_id, least(a, b) AS lo, greatest(a, b) AS hi,
         CASE WHEN bool_or(mutual) OR count(DISTINCT a) > 1 THEN 2 WHEN bool_or(a < b) THEN 0 ELSE 1 END::TINYINT AS way,
         any_value(weight) AS weight, any_value(sign) AS sign, any_value(intensity) AS intensity
  FROM directed WHERE a <> b
  GROUP BY ALL
)
SELECT lo, hi, way, sum(weight) AS events, coalesce(sum(weight) FILTER (sign = 1), 0) AS cooperation,
       coalesce(sum(weight) FILTER (sign = -1), 0) AS conflict, coalesce(sum(weight * intensity), 0) AS intensity,
       coalesce(sum(weight) FILTER (intensity IS NOT NULL), 0) AS measured
FROM paired GROUP BY ALL ORDER BY lo, hi, way

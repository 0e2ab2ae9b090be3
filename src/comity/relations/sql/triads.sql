-- The acts that make the ties of some pairs what they are: of each pair the strongest on the side of its sign, the
-- surest first. A SELECT over ``counted`` (told.py).
SELECT lo, hi, way, id, type, mode, intensity, day_first
FROM (
  SELECT *,
         row_number() OVER (
           PARTITION BY lo, hi ORDER BY abs(coalesce(intensity, 0)) * coalesce(confidence, 1) DESC, day_first DESC, id
         ) AS place
  FROM (
    SELECT c.lo, c.hi, c.way, c.id, c.type, c.mode, c.intensity, c.confidence, c.day_first
    FROM counted c JOIN (SELECT unnest($pairs) AS pair, unnest($signs) AS wanted) w ON w.pair = c.lo || ' ' || c.hi
    WHERE c.sign = w.wanted
    QUALIFY row_number() OVER (PARTITION BY c.lo, c.hi, c.unit ORDER BY c.confidence DESC NULLS LAST, c.id) = 1
  )
)
WHERE place <= $most ORDER BY lo, hi, place

-- about: the countries of actors that are mentioned inside the content
INSERT INTO store.statements BY NAME
WITH contents AS (
  SELECT report_id, n, unnest(content) AS span FROM batch_statements
),
discussed AS (
  SELECT c.report_id, c.n, string_agg(DISTINCT m.country, '|' ORDER BY m.country) AS about
  FROM contents c JOIN batch_mentions m
    ON m.report_id = c.report_id AND m.start >= c.span[1] AND m."end" <= c.span[2] AND m.country IS NOT NULL
  GROUP BY ALL
)
SELECT b.rev, s.*,
       countries_of(s.speakers) AS countries, coalesce(d.about, '') AS about,
       first_day(s.date) AS day_first, last_day_of(s.date, s.date_precision, NULL) AS day_last,
       first_day(r.published) AS published, r.outlet, r.outlet_country, r.outlet_ownership, r.demo
FROM batch_statements s
JOIN batch b USING (report_id)
JOIN batch_reports r ON r.id = s.report_id
LEFT JOIN discussed d ON d.report_id = s.report_id AND d.n = s.n
ORDER BY b.rev, s.n

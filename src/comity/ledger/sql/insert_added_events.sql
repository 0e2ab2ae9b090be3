-- An event that a reviewer added, with the columns of its report beside its fields.
INSERT INTO store.corrected_events BY NAME
SELECT $seq AS seq, FALSE AS rejected, r.rev, $n AS n, r.id AS report_id, 'comity' AS origin, 'plover' AS scale,
       countries_of(e.source) AS sources, countries_of(e.target) AS targets,
       parties_of(e.source) AS source_parties, parties_of(e.target) AS target_parties,
       first_day(e.date) AS day_first, last_day_of(e.date, e.date_precision, e.date_end) AS day_last,
       first_day(r.published) AS published, r.outlet, r.outlet_country, r.outlet_ownership, r.demo,
       e.* EXCLUDE (report_id, n)
FROM standing e, store.reports r
WHERE r.rev = $rev

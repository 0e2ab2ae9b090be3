-- A statement that a reviewer added, with the columns of its report beside its fields.
INSERT INTO store.corrected_statements BY NAME
SELECT $seq AS seq, FALSE AS rejected, r.rev, $n AS n, r.id AS report_id,
       countries_of(s.speakers) AS countries,
       about_of($rev, s.content) AS about,
       first_day(s.date) AS day_first, last_day_of(s.date, s.date_precision, NULL) AS day_last,
       first_day(r.published) AS published, r.outlet, r.outlet_country, r.outlet_ownership, r.demo,
       s.* EXCLUDE (report_id, n)
FROM standing s, store.reports r
WHERE r.rev = $rev

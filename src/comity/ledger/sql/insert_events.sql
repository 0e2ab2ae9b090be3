INSERT INTO store.events BY NAME
SELECT b.rev, e.*, 'comity' AS origin, 'plover' AS scale,
       countries_of(e.source) AS sources, countries_of(e.target) AS targets,
       parties_of(e.source) AS source_parties, parties_of(e.target) AS target_parties,
       first_day(e.date) AS day_first, last_day_of(e.date, e.date_precision, e.date_end) AS day_last,
       first_day(r.published) AS published, r.outlet, r.outlet_country, r.outlet_ownership, r.demo
FROM batch_events e
JOIN batch b USING (report_id)
JOIN batch_reports r ON r.id = e.report_id
ORDER BY b.rev, e.n

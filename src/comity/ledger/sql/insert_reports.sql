INSERT INTO store.reports BY NAME
SELECT r.*, b.* EXCLUDE (report_id, supersedes), now() AS added_at, first_day(r.published) AS day
FROM batch_reports r JOIN batch b ON b.report_id = r.id
ORDER BY b.rev

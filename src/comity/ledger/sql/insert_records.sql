INSERT INTO store.{table} BY NAME
SELECT b.rev, t.* FROM batch_{table} t JOIN batch b USING (report_id)
ORDER BY b.rev, t.n

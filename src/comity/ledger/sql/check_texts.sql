SELECT 'the text is not the one that was added' AS what, 'report ' || min(id) AS "where", count(*) AS number
FROM store.reports
WHERE sha256(text) <> text_hash
HAVING count(*) > 0

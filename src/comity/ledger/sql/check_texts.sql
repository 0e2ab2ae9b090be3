-- A text that was left out for sharing (store.withheld) has only its hash.
SELECT 'the text is not the one that was added' AS what, 'report ' || min(id) AS "where", count(*) AS number
FROM store.reports ANTI JOIN store.withheld USING (rev)
WHERE sha256(text) <> text_hash
HAVING count(*) > 0

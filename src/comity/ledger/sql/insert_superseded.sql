INSERT INTO store.superseded BY NAME
SELECT supersedes AS rev, rev AS "by" FROM batch WHERE supersedes IS NOT NULL ORDER BY rev

-- Events of another format, already in the form of `comity.records.Event`; what the format has not is null.
INSERT INTO store.events BY NAME
SELECT $rev::INTEGER AS rev, e.* REPLACE (e.n::INTEGER AS n), $origin AS origin,
       countries_of(e.source) AS sources, countries_of(e.target) AS targets,
       parties_of(e.source) AS source_parties, parties_of(e.target) AS target_parties,
       first_day(e.date) AS day_first, last_day_of(e.date, e.date_precision, e.date_end) AS day_last
FROM imported_events e

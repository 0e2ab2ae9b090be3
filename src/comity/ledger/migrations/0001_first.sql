-- Schema version 1: coded reports, imported events, corrections.
--
-- Every table is append-only: nothing in the ledger is updated or deleted, so that no state of it is ever lost and the
-- lake never needs deletion files. What holds now is said by the views.
--
-- rev   one integer for each addition of a report (a revision) or of an imported file; rises with every addition
-- n     the record's place in its report or file, from 0; (rev, n) is the key of a record
-- The record's own fields follow `comity.records` name by name; a test holds the two together.

CREATE SCHEMA store;

CREATE TABLE store.ledger (id VARCHAR, created_at TIMESTAMPTZ, created_by VARCHAR);
CREATE TABLE store.schema_versions (version INTEGER, applied_at TIMESTAMPTZ, applied_by VARCHAR);

CREATE TABLE store.reports (
  rev INTEGER, revision INTEGER, text_hash VARCHAR, coding_hash VARCHAR, added_at TIMESTAMPTZ, day DATE,
  actors INTEGER, mentions INTEGER, dates INTEGER, places INTEGER, statements INTEGER, events INTEGER,
  id VARCHAR, text VARCHAR, title VARCHAR, outlet VARCHAR, outlet_country VARCHAR, outlet_ownership VARCHAR,
  url VARCHAR, published VARCHAR, language VARCHAR, demo BOOLEAN, original_language VARCHAR, translated_by VARCHAR,
  declared STRUCT(start BIGINT, "end" BIGINT, name VARCHAR, country VARCHAR)[],
  source VARCHAR, codebook VARCHAR, coder VARCHAR, warnings VARCHAR[]
);

-- A revision that a newer one of the same report has taken the place of.
CREATE TABLE store.superseded (rev INTEGER, "by" INTEGER);

-- Files of other projects' events: each is one addition with its own rev.
CREATE TABLE store.imports (
  rev INTEGER, origin VARCHAR, file VARCHAR, digest VARCHAR, added_at TIMESTAMPTZ, rows BIGINT, notes VARCHAR
);

CREATE TABLE store.actors (
  rev INTEGER, n INTEGER, report_id VARCHAR, id VARCHAR, name VARCHAR, kind VARCHAR, wikidata VARCHAR
);

CREATE TABLE store.mentions (
  rev INTEGER, n INTEGER, report_id VARCHAR,
  start BIGINT, "end" BIGINT, text VARCHAR, actor VARCHAR, country VARCHAR, sector VARCHAR,
  office VARCHAR, office_status VARCHAR, anonymous BOOLEAN
);

CREATE TABLE store.dates (
  rev INTEGER, n INTEGER, report_id VARCHAR, start BIGINT, "end" BIGINT, text VARCHAR, type VARCHAR, value VARCHAR
);

CREATE TABLE store.places (
  rev INTEGER, n INTEGER, report_id VARCHAR, start BIGINT, "end" BIGINT, text VARCHAR,
  geonameid BIGINT, lat DOUBLE, lon DOUBLE, country VARCHAR, level VARCHAR
);

-- Derived columns (everything before `id`) are there so that filters and series read narrow columns only:
-- countries: of the speakers; about: of the actors mentioned inside the content (sorted codes joined by "|", which the
-- views show as lists: over Parquet's dictionaries a test on these takes a fifth of the time of one on real lists);
-- day_first, day_last: the calendar days that `date` covers; published … demo: the report's own.
CREATE TABLE store.statements (
  rev INTEGER, n INTEGER, report_id VARCHAR,
  countries VARCHAR, about VARCHAR, day_first DATE, day_last DATE,
  published DATE, outlet VARCHAR, outlet_country VARCHAR, outlet_ownership VARCHAR, demo BOOLEAN,
  id VARCHAR, kind VARCHAR, content BIGINT[][], cue BIGINT[],
  speakers STRUCT(start BIGINT, "end" BIGINT, text VARCHAR, actor VARCHAR, name VARCHAR, country VARCHAR,
                  sector VARCHAR, office VARCHAR, office_status VARCHAR, anonymous BOOLEAN, anonymous_type VARCHAR)[],
  addressee STRUCT(start BIGINT, "end" BIGINT, text VARCHAR, actor VARCHAR, name VARCHAR, country VARCHAR,
                   sector VARCHAR, office VARCHAR, office_status VARCHAR),
  venue VARCHAR, channel VARCHAR, date VARCHAR, date_precision VARCHAR, date_span BIGINT[],
  polarity VARCHAR, modality VARCHAR, continued BOOLEAN, via VARCHAR[], within VARCHAR, confidence DOUBLE
);

-- origin: comity, or the format an event was imported from (gdelt, icews, …; report_id is then null and rev is its
-- file's in store.imports); scale: what `intensity` is measured on (plover, goldstein, icews): never mixed in a figure.
-- sources, targets: the distinct countries of the parties, as above.
CREATE TABLE store.events (
  rev INTEGER, n INTEGER, report_id VARCHAR,
  origin VARCHAR, scale VARCHAR, sources VARCHAR, targets VARCHAR, day_first DATE, day_last DATE,
  published DATE, outlet VARCHAR, outlet_country VARCHAR, outlet_ownership VARCHAR, demo BOOLEAN,
  id VARCHAR, type VARCHAR, mode VARCHAR, contexts VARCHAR[], cameo VARCHAR, quad VARCHAR, intensity DOUBLE,
  source STRUCT(start BIGINT, "end" BIGINT, text VARCHAR, actor VARCHAR, name VARCHAR, country VARCHAR,
                sector VARCHAR, office VARCHAR, office_status VARCHAR)[],
  target STRUCT(start BIGINT, "end" BIGINT, text VARCHAR, actor VARCHAR, name VARCHAR, country VARCHAR,
                sector VARCHAR, office VARCHAR, office_status VARCHAR)[],
  mutual BOOLEAN, scope VARCHAR, date VARCHAR, date_precision VARCHAR, date_end VARCHAR, date_span BIGINT[],
  place STRUCT(start BIGINT, "end" BIGINT, text VARCHAR, geonameid BIGINT, lat DOUBLE, lon DOUBLE,
               country VARCHAR, level VARCHAR),
  status VARCHAR, background BOOLEAN, account VARCHAR, account_party VARCHAR,
  contact STRUCT(channel VARCHAR, setting VARCHAR, source_level VARCHAR, target_level VARCHAR),
  size STRUCT(dead BIGINT[], injured BIGINT[], arrested BIGINT[], displaced BIGINT[], troops BIGINT[],
              money STRUCT(amount DOUBLE, currency VARCHAR)),
  sentence BIGINT[], trigger BIGINT[], reason STRUCT("by" VARCHAR, id VARCHAR), confidence DOUBLE
);
-- Pages and series ask for days; within a file, row groups of other days are then skipped unread.
ALTER TABLE store.events SET SORTED BY (day_first ASC NULLS LAST);

-- The log of corrections. seq rises by one. action: set | reject | accept | undo. old and value are JSON.
-- evidence: what the record rested on, in words, by which it is found again after re-coding.
CREATE TABLE store.corrections (
  seq INTEGER, id VARCHAR, added_at TIMESTAMPTZ, author VARCHAR, reason VARCHAR, action VARCHAR,
  kind VARCHAR, record_id VARCHAR, report_id VARCHAR, rev INTEGER, n INTEGER,
  field VARCHAR, old VARCHAR, value VARCHAR, undoes VARCHAR, evidence VARCHAR
);

-- What became of a correction when its report was coded again: carried (to record_id in rev) or lapsed (and why).
CREATE TABLE store.correction_fates (
  correction VARCHAR, rev INTEGER, n INTEGER, record_id VARCHAR, fate VARCHAR, why VARCHAR, added_at TIMESTAMPTZ
);

-- The record as it stands after each correction, whole; the row with the highest seq holds.
CREATE TABLE store.corrected_statements AS
  SELECT 0::INTEGER AS seq, FALSE AS rejected, * FROM store.statements LIMIT 0;
CREATE TABLE store.corrected_events AS
  SELECT 0::INTEGER AS seq, FALSE AS rejected, * FROM store.events LIMIT 0;

-- One row each that matches nothing: of a table that was never written, DuckLake asks the catalog anew for the
-- statistics of every column in every query (0.1 s a query).
INSERT INTO store.superseded VALUES (0, 0);
INSERT INTO store.imports (rev) VALUES (0);
INSERT INTO store.corrections (seq) VALUES (0);
INSERT INTO store.correction_fates (rev) VALUES (0);
INSERT INTO store.corrected_statements (seq, rejected, rev, n) VALUES (0, TRUE, 0, 0);
INSERT INTO store.corrected_events (seq, rejected, rev, n) VALUES (0, TRUE, 0, 0);

-- What holds now, with the internal keys -----------------------------------------------------------------------------

CREATE VIEW store.current_reports AS SELECT * FROM store.reports ANTI JOIN store.superseded USING (rev);
CREATE VIEW store.current_actors AS SELECT * FROM store.actors ANTI JOIN store.superseded USING (rev);
CREATE VIEW store.current_mentions AS SELECT * FROM store.mentions ANTI JOIN store.superseded USING (rev);
CREATE VIEW store.current_dates AS SELECT * FROM store.dates ANTI JOIN store.superseded USING (rev);
CREATE VIEW store.current_places AS SELECT * FROM store.places ANTI JOIN store.superseded USING (rev);

-- A union rather than COALESCE over a left join, so that filters still reach the files.
CREATE VIEW store.current_statements AS
  SELECT * REPLACE (list_filter(string_split(countries, '|'), lambda c: c <> '') AS countries,
                    list_filter(string_split(about, '|'), lambda c: c <> '') AS about),
         FALSE AS corrected
  FROM store.statements ANTI JOIN store.superseded USING (rev) ANTI JOIN store.corrected_statements USING (rev, n)
  UNION ALL
  SELECT * EXCLUDE (seq, rejected, latest)
         REPLACE (list_filter(string_split(countries, '|'), lambda c: c <> '') AS countries,
                  list_filter(string_split(about, '|'), lambda c: c <> '') AS about),
         TRUE
  FROM (SELECT *, max(seq) OVER (PARTITION BY rev, n) AS latest
        FROM store.corrected_statements ANTI JOIN store.superseded USING (rev))
  WHERE seq = latest AND NOT rejected;

CREATE VIEW store.current_events AS
  SELECT * REPLACE (list_filter(string_split(sources, '|'), lambda c: c <> '') AS sources,
                    list_filter(string_split(targets, '|'), lambda c: c <> '') AS targets),
         FALSE AS corrected
  FROM store.events ANTI JOIN store.superseded USING (rev) ANTI JOIN store.corrected_events USING (rev, n)
  UNION ALL
  SELECT * EXCLUDE (seq, rejected, latest)
         REPLACE (list_filter(string_split(sources, '|'), lambda c: c <> '') AS sources,
                  list_filter(string_split(targets, '|'), lambda c: c <> '') AS targets),
         TRUE
  FROM (SELECT *, max(seq) OVER (PARTITION BY rev, n) AS latest
        FROM store.corrected_events ANTI JOIN store.superseded USING (rev))
  WHERE seq = latest AND NOT rejected;

-- The stable views: their columns keep name, type and meaning; what changes comes as _v2 -----------------------------

CREATE VIEW reports_v1 AS
  SELECT id, revision, title, outlet, outlet_country, outlet_ownership, url, published, day, language, demo,
         original_language, translated_by, source, text, text_hash, declared,
         mentions, statements, events, warnings, codebook, coder
  FROM store.current_reports;

CREATE VIEW actors_v1 AS SELECT report_id, n, id, name, kind, wikidata FROM store.current_actors;

CREATE VIEW mentions_v1 AS
  SELECT report_id, n, start, "end", text, actor, country, sector, office, office_status, anonymous
  FROM store.current_mentions;

CREATE VIEW dates_v1 AS SELECT report_id, n, start, "end", text, type, value FROM store.current_dates;

CREATE VIEW places_v1 AS
  SELECT report_id, n, start, "end", text, geonameid, lat, lon, country, level FROM store.current_places;

CREATE VIEW statements_v1 AS
  SELECT id, report_id, kind, speakers, countries, about, addressee, venue, channel,
         date, date_precision, date_span, day_first, day_last, polarity, modality, continued, via, within,
         content, cue, confidence, corrected, published, outlet, outlet_country, outlet_ownership, demo
  FROM store.current_statements;

CREATE VIEW events_v1 AS
  SELECT id, report_id, origin, type, mode, contexts, cameo, quad, intensity, scale,
         source, target, sources, targets, mutual, scope,
         date, date_precision, date_end, date_span, day_first, day_last, place,
         status, background, account, account_party, contact, size,
         sentence, trigger, reason, confidence, corrected, published, outlet, outlet_country, outlet_ownership, demo
  FROM store.current_events;

CREATE VIEW revisions_v1 AS
  SELECT r.id, r.revision, r.text_hash, r.added_at, r.codebook, r.coder, s.rev IS NULL AS current
  FROM store.reports r LEFT JOIN store.superseded s USING (rev);

CREATE VIEW imports_v1 AS SELECT origin, file, digest, added_at, rows, notes FROM store.imports WHERE rev > 0;

-- Each correction with the record that it stands at now (rev, n, record_id: after re-coding, the new one's; n is null when there is none).
-- state: active (it shapes the record), undone, lapsed (its report was coded again and no record rests on its words)
CREATE VIEW store.correction_states AS
  SELECT c.* REPLACE (CASE WHEN f.fate IS NULL THEN c.rev ELSE f.rev END AS rev,
                      CASE WHEN f.fate IS NULL THEN c.n ELSE f.n END AS n,
                      coalesce(f.record_id, c.record_id) AS record_id),
         CASE WHEN u.undoes IS NOT NULL THEN 'undone' WHEN f.fate = 'lapsed' THEN 'lapsed' ELSE 'active' END AS state,
         f.why
  FROM store.corrections c
  LEFT JOIN (SELECT DISTINCT undoes FROM store.corrections WHERE undoes IS NOT NULL) u ON u.undoes = c.id
  LEFT JOIN (SELECT correction, max(rev) AS rev, arg_max(fate, rev) AS fate, arg_max_null(n, rev) AS n,
                    arg_max(record_id, rev) AS record_id, arg_max_null(why, rev) AS why
             FROM store.correction_fates WHERE correction IS NOT NULL GROUP BY correction) f ON f.correction = c.id
  WHERE c.seq > 0;

CREATE VIEW corrections_v1 AS
  SELECT id, added_at, author, reason, action, kind, record_id, report_id, field, old, value, undoes, state, why
  FROM store.correction_states;

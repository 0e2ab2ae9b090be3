-- Schema version 3: stories (reports of one happening, and copies among them) and occurrences (events that tell of one
-- happening). Derived from the records alone: whatever the order of arrival, the same in the end.

-- What reports and events are compared by (comity.ledger.occurrences.stories and .tellings), of fixed length each.
-- day: of publication, days since 0001-01-01, -1 when not known. low, high: the days by which a telling is looked for.
-- seq: 0 as coded, else the correction after which it is so; traits is null when the event is no telling any more.
CREATE TABLE store.report_traits (rev INTEGER, id VARCHAR, day INTEGER, length INTEGER, traits BLOB);
CREATE TABLE store.telling_traits (
  rev INTEGER, n INTEGER, seq INTEGER, id VARCHAR, low INTEGER, high INTEGER, traits BLOB
);
-- Marks by which reports of whatever day are looked for: rare words, parts of the wording.
CREATE TABLE store.report_keys (rev INTEGER, key UBIGINT);

-- Who belongs together: the row of the highest turn holds. story: id of the report that leads it; copy_of: id of the
-- report whose wording it repeats, null for an original; occurrence: id of the event that leads it, null for none.
CREATE TABLE store.stories (turn INTEGER, rev INTEGER, story VARCHAR, copy_of VARCHAR);
CREATE TABLE store.memberships (turn INTEGER, rev INTEGER, n INTEGER, occurrence VARCHAR);

-- Up to which addition and correction everything has its place.
CREATE TABLE store.settled (turn INTEGER, rev INTEGER, seq INTEGER);

-- One row each that matches nothing (see version 1).
INSERT INTO store.report_traits (rev) VALUES (0);
INSERT INTO store.telling_traits (rev, n, seq) VALUES (0, 0, 0);
INSERT INTO store.report_keys VALUES (0, 0);
INSERT INTO store.stories (turn, rev) VALUES (0, 0);
INSERT INTO store.memberships (turn, rev, n) VALUES (0, 0, 0);
INSERT INTO store.settled VALUES (0, 0, 0);

CREATE VIEW store.current_stories AS
  SELECT rev, arg_max(story, turn) AS story, arg_max_null(copy_of, turn) AS copy_of
  FROM store.stories ANTI JOIN store.superseded USING (rev) WHERE rev > 0 GROUP BY rev;

CREATE VIEW store.current_memberships AS
  SELECT rev, n, occurrence
  FROM (SELECT rev, n, arg_max_null(occurrence, turn) AS occurrence
        FROM store.memberships ANTI JOIN store.superseded USING (rev) WHERE rev > 0 GROUP BY rev, n)
  WHERE occurrence IS NOT NULL;

CREATE VIEW stories_v1 AS
  SELECT r.id AS report_id, coalesce(s.story, r.id) AS story, s.copy_of
  FROM store.current_reports r LEFT JOIN store.current_stories s USING (rev);

-- One row for each event that tells of a happening.
CREATE VIEW occurrence_accounts_v1 AS
  SELECT m.occurrence, e.id AS event_id, e.report_id, s.story, s.copy_of,
         CASE e.status WHEN 'actual' THEN 'held' WHEN 'intended' THEN 'announced' WHEN 'requested' THEN 'asked for'
                       WHEN 'hypothetical' THEN 'considered' WHEN 'negated' THEN 'cancelled' ELSE e.status END AS stage,
         e.account, e.account_party, e.published, e.outlet, e.outlet_country, e.outlet_ownership, e.demo
  FROM store.current_events e JOIN store.current_memberships m USING (rev, n) LEFT JOIN store.current_stories s USING (rev);

-- One row for each happening; what stands in one value is that of the event that leads it.
CREATE VIEW occurrences_v1 AS
  WITH told AS (
    SELECT m.occurrence, e.*, coalesce(s.copy_of, e.report_id) AS original,
           account_party IN ('source', 'target') AND status IN ('denied', 'negated') AS denies,
           list_sort(list_distinct(list_concat(sources, targets))) AS sides
    FROM store.current_events e
    JOIN store.current_memberships m USING (rev, n) LEFT JOIN store.current_stories s USING (rev)
  ),
  summed AS (
    SELECT occurrence AS id,
           CASE WHEN bool_or(status = 'actual') AND bool_or(status = 'denied') THEN 'disputed'
                WHEN bool_or(status = 'actual') THEN 'held' WHEN bool_or(status = 'negated') THEN 'cancelled'
                WHEN bool_or(status = 'denied') THEN 'denied' WHEN bool_or(status = 'intended') THEN 'announced'
                WHEN bool_or(status = 'requested') THEN 'asked for' ELSE 'considered' END AS stage,
           count(*) AS mentions, count(DISTINCT report_id) AS reports, count(DISTINCT original) AS accounts,
           count(DISTINCT outlet) AS outlets,
           list_sort(list_distinct(list(outlet_country) FILTER (outlet_country IS NOT NULL))) AS outlet_countries,
           list_sort(list_distinct(list(outlet_ownership) FILTER (outlet_ownership IS NOT NULL))) AS outlet_ownerships,
           min(published) AS first_reported, max(published) AS last_reported,
           arg_min(report_id, (published, report_id)) AS first_report,
           arg_min_null(outlet, (published, report_id)) AS first_outlet,
           bool_or(account_party = 'source' AND NOT denies) AS source_asserts,
           bool_or(account_party = 'source' AND denies) AS source_denies,
           bool_or(account_party = 'target' AND NOT denies) AS target_asserts,
           bool_or(account_party = 'target' AND denies) AS target_denies,
           list_filter([
             CASE WHEN bool_or(status = 'actual') AND bool_or(status IN ('denied', 'negated')) THEN 'whether' END,
             CASE WHEN bool_or(mutual) AND count(DISTINCT sides) FILTER (len(sides) > 1) > 1 THEN 'parties' END,
             CASE WHEN NOT bool_or(mutual) AND count(DISTINCT sources) FILTER (len(sources) > 0) > 1 THEN 'source' END,
             CASE WHEN NOT bool_or(mutual) AND count(DISTINCT targets) FILTER (len(targets) > 0) > 1 THEN 'target' END,
             CASE WHEN count(DISTINCT date) FILTER (date_precision = 'day') > 1 THEN 'date' END,
             CASE WHEN count(DISTINCT place.geonameid) FILTER (place.level IN ('city', 'site', 'feature')) > 1
                  THEN 'place' END,
             CASE WHEN count(DISTINCT size.dead) > 1 THEN 'dead' END,
             CASE WHEN count(DISTINCT size.injured) > 1 THEN 'injured' END,
             CASE WHEN count(DISTINCT size.arrested) > 1 THEN 'arrested' END,
             CASE WHEN count(DISTINCT size.displaced) > 1 THEN 'displaced' END,
             CASE WHEN count(DISTINCT size.troops) > 1 THEN 'troops' END,
             CASE WHEN count(DISTINCT size.money) > 1 THEN 'money' END
           ], lambda c: c IS NOT NULL) AS conflicts,
           bool_and(demo) AS demo
    FROM told GROUP BY occurrence
  )
  SELECT s.id, s.stage, l.type, l.mode, l.contexts, l.cameo, l.quad, l.intensity, l.source, l.target, l.sources, l.targets,
         l.mutual, l.scope, l.date, l.date_precision, l.date_end, l.day_first, l.day_last, l.place, l.contact, l.status,
         s.mentions, s.reports, s.accounts, s.outlets, s.outlet_countries, s.outlet_ownerships,
         s.first_reported, s.first_report, s.first_outlet, s.last_reported,
         CASE WHEN s.source_asserts AND s.source_denies THEN 'both' WHEN s.source_asserts THEN 'asserts'
              WHEN s.source_denies THEN 'denies' END AS source_says,
         CASE WHEN s.target_asserts AND s.target_denies THEN 'both' WHEN s.target_asserts THEN 'asserts'
              WHEN s.target_denies THEN 'denies' END AS target_says,
         s.conflicts, s.demo
  FROM summed s JOIN told l ON l.id = s.id AND l.occurrence = s.id;

-- Schema version 4: who stands on each side of an event and in what sector, as narrow columns. Series, networks and
-- contacts ask for "China's state sectors"; read from the nested parties that took three quarters of their time.
--
-- source_parties, target_parties: the distinct CODE/SECTOR of the parties that have a country (CHN/GOV; CHN/ where the
-- sector is not known), sorted and joined by "|" as the countries are; the views show them as lists.
-- The table is written anew, in the order that it had: a column that is added stays empty for rows that are there.

ALTER TABLE store.events RENAME TO events_until_3;
CREATE TABLE store.events AS
  SELECT rev, n, report_id, origin, scale, sources, targets, '' AS source_parties, '' AS target_parties,
         * EXCLUDE (rev, n, report_id, origin, scale, sources, targets)
  FROM store.events_until_3 LIMIT 0;
INSERT INTO store.events BY NAME
  SELECT *,
         coalesce(array_to_string(list_sort(list_distinct(
           [p.country || '/' || coalesce(p.sector, '') FOR p IN source IF p.country IS NOT NULL])), '|'), '')
           AS source_parties,
         coalesce(array_to_string(list_sort(list_distinct(
           [p.country || '/' || coalesce(p.sector, '') FOR p IN target IF p.country IS NOT NULL])), '|'), '')
           AS target_parties
  FROM store.events_until_3;
ALTER TABLE store.events SET SORTED BY (day_first ASC NULLS LAST);
DROP TABLE store.events_until_3;

ALTER TABLE store.corrected_events RENAME TO corrected_events_until_3;
CREATE TABLE store.corrected_events AS
  SELECT 0::INTEGER AS seq, FALSE AS rejected, * FROM store.events LIMIT 0;
INSERT INTO store.corrected_events BY NAME
  SELECT *,
         coalesce(array_to_string(list_sort(list_distinct(
           [p.country || '/' || coalesce(p.sector, '') FOR p IN source IF p.country IS NOT NULL])), '|'), '')
           AS source_parties,
         coalesce(array_to_string(list_sort(list_distinct(
           [p.country || '/' || coalesce(p.sector, '') FOR p IN target IF p.country IS NOT NULL])), '|'), '')
           AS target_parties
  FROM store.corrected_events_until_3;
DROP TABLE store.corrected_events_until_3;

DROP VIEW store.current_events;
CREATE VIEW store.current_events AS
  SELECT * REPLACE (list_filter(string_split(sources, '|'), lambda c: c <> '') AS sources,
                    list_filter(string_split(targets, '|'), lambda c: c <> '') AS targets,
                    list_filter(string_split(source_parties, '|'), lambda c: c <> '') AS source_parties,
                    list_filter(string_split(target_parties, '|'), lambda c: c <> '') AS target_parties),
         FALSE AS corrected
  FROM store.events ANTI JOIN store.superseded USING (rev) ANTI JOIN store.corrected_events USING (rev, n)
  UNION ALL
  SELECT * EXCLUDE (seq, rejected, latest)
         REPLACE (list_filter(string_split(sources, '|'), lambda c: c <> '') AS sources,
                  list_filter(string_split(targets, '|'), lambda c: c <> '') AS targets,
                  list_filter(string_split(source_parties, '|'), lambda c: c <> '') AS source_parties,
                  list_filter(string_split(target_parties, '|'), lambda c: c <> '') AS target_parties),
         TRUE
  FROM (SELECT *, max(seq) OVER (PARTITION BY rev, n) AS latest
        FROM store.corrected_events ANTI JOIN store.superseded USING (rev))
  WHERE seq = latest AND NOT rejected;

DROP VIEW events_v1;
CREATE VIEW events_v1 AS
  SELECT id, report_id, origin, type, mode, contexts, cameo, quad, intensity, scale,
         source, target, sources, targets, source_parties, target_parties, mutual, scope,
         date, date_precision, date_end, date_span, day_first, day_last, place,
         status, background, account, account_party, contact, size,
         sentence, trigger, reason, confidence, corrected, published, outlet, outlet_country, outlet_ownership, demo
  FROM store.current_events;

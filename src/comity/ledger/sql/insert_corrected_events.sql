-- The coded (or added) row with the fields that can be corrected taken from the standing record.
INSERT INTO store.corrected_events BY NAME
SELECT $seq AS seq, $rejected AS rejected, b.rev, b.n, b.report_id, b.origin, b.scale,
       countries_of(e.source) AS sources, countries_of(e.target) AS targets,
       parties_of(e.source) AS source_parties, parties_of(e.target) AS target_parties,
       CASE WHEN b.origin = 'comity' OR e.date IS DISTINCT FROM b.date THEN first_day(e.date) ELSE b.day_first END
         AS day_first,
       CASE WHEN b.origin = 'comity' OR e.date IS DISTINCT FROM b.date
            THEN last_day_of(e.date, e.date_precision, e.date_end) ELSE b.day_last END AS day_last,
       b.published, b.outlet, b.outlet_country, b.outlet_ownership, b.demo,
       b.id, e.type, e.mode, e.contexts, e.cameo, e.quad,
       e.intensity, e.source, e.target, e.mutual, e.scope,
       e.date, e.date_precision, e.date_end, b.date_span, e.place, e.status, e.background, e.account, e.account_party,
       e.contact, e.size, b.sentence, b.trigger, b.reason, b.confidence
FROM standing e, (
  SELECT * FROM store.events WHERE rev = $rev AND n = $n
  UNION ALL BY NAME
  -- of what a reviewer added, the first row is the one that corrections start from
  (SELECT * EXCLUDE (seq, rejected) FROM store.corrected_events
   WHERE rev = $rev AND n = $n AND reason."by" = 'reviewer' ORDER BY seq LIMIT 1)
) b

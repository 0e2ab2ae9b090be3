-- The coded (or added) row with the fields that can be corrected taken from the standing record.
INSERT INTO store.corrected_statements BY NAME
SELECT $seq AS seq, $rejected AS rejected, b.rev, b.n, b.report_id,
       countries_of(s.speakers) AS countries,
       about_of($rev, s.content) AS about,
       first_day(s.date) AS day_first, last_day_of(s.date, s.date_precision, NULL) AS day_last,
       b.published, b.outlet, b.outlet_country, b.outlet_ownership, b.demo,
       b.id, s.kind, s.content, s.cue, s.speakers, s.addressee, s.venue, s.channel, s.date, s.date_precision,
       b.date_span, s.polarity, s.modality, s.continued, s.via, s.within, b.confidence
FROM standing s, (
  SELECT * FROM store.statements WHERE rev = $rev AND n = $n
  UNION ALL BY NAME
  -- of what a reviewer added, the first row is the one that corrections start from
  (SELECT * EXCLUDE (seq, rejected) FROM store.corrected_statements
   WHERE rev = $rev AND n = $n AND NOT EXISTS (FROM store.statements WHERE rev = $rev AND n = $n)
   ORDER BY seq LIMIT 1)
) b

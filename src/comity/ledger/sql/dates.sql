-- The calendar days that a date of a record covers. Forms: YYYY, YYYY-MM, YYYY-MM-DD (and longer), TIMEX3 weeks
-- (YYYY-Www), quarters (YYYY-Qn), halves (YYYY-Hn), decades (YYY). Others, and dates that no calendar has, are null.
CREATE OR REPLACE TEMP MACRO first_day(date) AS
  CASE
    WHEN length(date) >= 10 THEN try_cast(left(date, 10) AS DATE)
    WHEN length(date) = 7 AND date[6] BETWEEN '0' AND '9' THEN try_cast(date || '-01' AS DATE)
    WHEN length(date) = 4 THEN try_cast(date || '-01-01' AS DATE)
    WHEN length(date) = 8 AND date[6] = 'W' THEN CAST(try_strptime(date || '-1', '%G-W%V-%u') AS DATE)
    WHEN length(date) = 7 AND date[6] = 'Q'
      THEN try_cast(left(date, 4) || '-01-01' AS DATE) + to_months(3 * (try_cast(date[7] AS INTEGER) - 1))
    WHEN length(date) = 7 AND date[6] = 'H'
      THEN try_cast(left(date, 4) || '-01-01' AS DATE) + to_months(6 * (try_cast(date[7] AS INTEGER) - 1))
    WHEN length(date) = 3 THEN try_cast(date || '0-01-01' AS DATE)
  END::DATE;

CREATE OR REPLACE TEMP MACRO period_of(date, date_precision) AS
  CASE
    WHEN length(date) = 4 OR date_precision = 'year' THEN INTERVAL 1 YEAR
    WHEN length(date) = 3 OR date_precision = 'decade' THEN INTERVAL 10 YEAR
    WHEN date[6] = 'Q' OR date_precision = 'quarter' THEN INTERVAL 3 MONTH
    WHEN date[6] = 'H' THEN INTERVAL 6 MONTH
    WHEN date[6] = 'W' OR date_precision = 'week' THEN INTERVAL 7 DAY
    WHEN length(date) = 7 OR date_precision = 'month' THEN INTERVAL 1 MONTH
    ELSE INTERVAL 1 DAY
  END;

CREATE OR REPLACE TEMP MACRO last_day_of(date, date_precision, date_end) AS
  greatest(
    (first_day(date) + period_of(date, date_precision) - INTERVAL 1 DAY)::DATE,
    (first_day(date_end) + period_of(date_end, NULL) - INTERVAL 1 DAY)::DATE
  );

-- The distinct countries of a list of parties, sorted and joined. Most have one, for which no list need be made: half
-- of the time.
CREATE OR REPLACE TEMP MACRO countries_of(parties) AS
  CASE WHEN len(parties) = 1 THEN coalesce(parties[1].country, '')
       ELSE coalesce(array_to_string(list_sort(list_distinct(
         [p.country FOR p IN parties IF p.country IS NOT NULL])), '|'), '') END;

-- The same with their sectors.
CREATE OR REPLACE TEMP MACRO parties_of(parties) AS
  CASE WHEN len(parties) = 1 THEN coalesce(parties[1].country || '/' || coalesce(parties[1].sector, ''), '')
       ELSE coalesce(array_to_string(list_sort(list_distinct(
         [p.country || '/' || coalesce(p.sector, '') FOR p IN parties IF p.country IS NOT NULL])), '|'), '') END;

-- The countries of actors that a stored report mentions inside a content, sorted and joined.
CREATE OR REPLACE TEMP MACRO about_of(of_rev, contents) AS
  coalesce((SELECT string_agg(DISTINCT m.country, '|' ORDER BY m.country)
            FROM store.mentions m, (SELECT unnest(contents) AS span) c
            WHERE m.rev = of_rev AND m.country IS NOT NULL
              AND m.start >= c.span[1] AND m."end" <= c.span[2]), '');

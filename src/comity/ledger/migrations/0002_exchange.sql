-- Schema version 2: the columns of other projects' files, typed, and ledgers that are shared without their texts.
--
-- A row of import_FORMAT is the row n of the file rev; `line` is its line number there. Columns follow the tables
-- comity/exchange/data/FORMAT_columns.tsv (for PLOVER: comity.exchange.plover.Record); a test holds the two together.
-- From them, and from the file's form in store.imports.notes, the file is written again byte for byte.

CREATE TABLE store.import_gdelt (
  rev INTEGER, n INTEGER, line INTEGER, global_event_id BIGINT, sqldate DATE, month_year BIGINT, year BIGINT,
  fraction_date DOUBLE, actor1_code VARCHAR, actor1_name VARCHAR, actor1_country_code VARCHAR,
  actor1_known_group_code VARCHAR, actor1_ethnic_code VARCHAR, actor1_religion1_code VARCHAR,
  actor1_religion2_code VARCHAR, actor1_type1_code VARCHAR, actor1_type2_code VARCHAR, actor1_type3_code VARCHAR,
  actor2_code VARCHAR, actor2_name VARCHAR, actor2_country_code VARCHAR, actor2_known_group_code VARCHAR,
  actor2_ethnic_code VARCHAR, actor2_religion1_code VARCHAR, actor2_religion2_code VARCHAR, actor2_type1_code VARCHAR,
  actor2_type2_code VARCHAR, actor2_type3_code VARCHAR, is_root_event BIGINT, event_code VARCHAR,
  event_base_code VARCHAR, event_root_code VARCHAR, quad_class BIGINT, goldstein_scale DOUBLE, num_mentions BIGINT,
  num_sources BIGINT, num_articles BIGINT, avg_tone DOUBLE, actor1_geo_type BIGINT, actor1_geo_full_name VARCHAR,
  actor1_geo_country_code VARCHAR, actor1_geo_adm1_code VARCHAR, actor1_geo_adm2_code VARCHAR, actor1_geo_lat DOUBLE,
  actor1_geo_long DOUBLE, actor1_geo_feature_id VARCHAR, actor2_geo_type BIGINT, actor2_geo_full_name VARCHAR,
  actor2_geo_country_code VARCHAR, actor2_geo_adm1_code VARCHAR, actor2_geo_adm2_code VARCHAR, actor2_geo_lat DOUBLE,
  actor2_geo_long DOUBLE, actor2_geo_feature_id VARCHAR, action_geo_type BIGINT, action_geo_full_name VARCHAR,
  action_geo_country_code VARCHAR, action_geo_adm1_code VARCHAR, action_geo_adm2_code VARCHAR, action_geo_lat DOUBLE,
  action_geo_long DOUBLE, action_geo_feature_id VARCHAR, date_added TIMESTAMP, source_url VARCHAR
);

CREATE TABLE store.import_icews (
  rev INTEGER, n INTEGER, line INTEGER, event_id BIGINT, event_date DATE, source_name VARCHAR,
  source_sectors VARCHAR[], source_country VARCHAR, event_text VARCHAR, cameo_code VARCHAR, intensity DOUBLE,
  target_name VARCHAR, target_sectors VARCHAR[], target_country VARCHAR, story_id BIGINT, sentence_number BIGINT,
  publisher VARCHAR, city VARCHAR, district VARCHAR, province VARCHAR, country VARCHAR, latitude DOUBLE,
  longitude DOUBLE
);

CREATE TABLE store.import_polecat (
  rev INTEGER, n INTEGER, line INTEGER, event_id VARCHAR, event_date DATE, event_type VARCHAR, event_mode VARCHAR,
  intensity DOUBLE, quad_code VARCHAR, contexts VARCHAR[], actor_name VARCHAR[], actor_country VARCHAR[],
  actor_cow VARCHAR[], primary_actor_sector VARCHAR[], actor_sectors VARCHAR[], actor_title VARCHAR[],
  actor_name_raw VARCHAR[], wikipedia_actor_id VARCHAR[], recipient_name VARCHAR[], recipient_country VARCHAR[],
  recipient_cow VARCHAR[], primary_recipient_sector VARCHAR[], recipient_sectors VARCHAR[], recipient_title VARCHAR[],
  recipient_name_raw VARCHAR[], wikipedia_recipient_id VARCHAR[], placename VARCHAR, city VARCHAR, district VARCHAR,
  province VARCHAR, country VARCHAR, latitude DOUBLE, longitude DOUBLE, geonames_id VARCHAR, raw_placename VARCHAR,
  feature_type VARCHAR, source VARCHAR, publication_date DATE, story_people VARCHAR[], story_organizations VARCHAR[],
  story_locations VARCHAR[], language VARCHAR, version VARCHAR, headline VARCHAR, event_text VARCHAR, feed VARCHAR,
  story_id VARCHAR
);

CREATE TABLE store.import_phoenix (
  rev INTEGER, n INTEGER, line INTEGER, event_id VARCHAR, date DATE, year BIGINT, month BIGINT, day BIGINT,
  source_actor_full VARCHAR, source_actor_entity VARCHAR, source_actor_role VARCHAR, source_actor_attribute VARCHAR[],
  target_actor_full VARCHAR, target_actor_entity VARCHAR, target_actor_role VARCHAR, target_actor_attribute VARCHAR[],
  event_code VARCHAR, event_root_code VARCHAR, quad_class BIGINT, goldstein_score DOUBLE, issues VARCHAR[],
  lat DOUBLE, lon DOUBLE, location_name VARCHAR, state_name VARCHAR, country_code VARCHAR, sentence_id VARCHAR[],
  urls VARCHAR[], news_sources VARCHAR[]
);

CREATE TABLE store.import_plover (
  rev INTEGER, n INTEGER, line INTEGER, id VARCHAR, has_event BOOLEAN, date VARCHAR, time VARCHAR, enddate VARCHAR,
  endtime VARCHAR,
  actor STRUCT(code VARCHAR, sector VARCHAR, entity_text VARCHAR, identifier_id VARCHAR, identifier_text VARCHAR,
         religion VARCHAR, ethnicity VARCHAR, office VARCHAR, gender VARCHAR, age BIGINT)[],
  recipient STRUCT(code VARCHAR, sector VARCHAR, entity_text VARCHAR, identifier_id VARCHAR, identifier_text
         VARCHAR, religion VARCHAR, ethnicity VARCHAR, office VARCHAR, gender VARCHAR, age BIGINT)[],
  event VARCHAR[],
  event_loc STRUCT(extracted_place VARCHAR, resolved_place VARCHAR, geonameid BIGINT, lat DOUBLE, lon DOUBLE, city
         VARCHAR, district VARCHAR, province VARCHAR, country VARCHAR, country_code VARCHAR, feature_class VARCHAR,
         feature_code VARCHAR, resolution BIGINT),
  event_text VARCHAR[], quad_code BIGINT, event_scale DOUBLE, mode VARCHAR[], context VARCHAR[],
  size STRUCT(dead BIGINT, injured BIGINT, arrested BIGINT), link VARCHAR, text VARCHAR,
  text_info STRUCT(sequence BIGINT, start BIGINT, "end" BIGINT, text_story VARCHAR[]),
  cite_info STRUCT(corpus VARCHAR, citation VARCHAR, url VARCHAR, title VARCHAR, language VARCHAR, publication
         VARCHAR, license VARCHAR, copyright VARCHAR, coder VARCHAR, codebook VARCHAR, version VARCHAR),
  coder VARCHAR, coded_date VARCHAR, coded_time VARCHAR, comment VARCHAR, keys VARCHAR[], extra VARCHAR
);

-- Cells that no typed column gives back: spelled otherwise than its kind writes it, or of a column that the format does
-- not have. position: from 0, in the line.
CREATE TABLE store.import_cells (rev INTEGER, n INTEGER, position INTEGER, text VARCHAR);

-- Additions whose texts were taken out when the ledger was shared: reports.text is empty there, text_hash is the hash of
-- the text as it was, characters its length; the words of mentions, parties, dates and places are empty.
CREATE TABLE store.withheld (rev INTEGER, characters BIGINT);

-- One row each that matches nothing (see version 1).
INSERT INTO store.import_gdelt (rev) VALUES (0);
INSERT INTO store.import_icews (rev) VALUES (0);
INSERT INTO store.import_polecat (rev) VALUES (0);
INSERT INTO store.import_phoenix (rev) VALUES (0);
INSERT INTO store.import_plover (rev) VALUES (0);
INSERT INTO store.import_cells (rev) VALUES (0);
INSERT INTO store.withheld VALUES (0, 0);

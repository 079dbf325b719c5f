-- What matches rest on, and the fingerprints of queries.

-- Written when a search ends: gzipped JSON, at most 500 kB before compression.
create table match_evidence (
  match_id text primary key references matches (match_id) on delete cascade,
  data bytea not null,
  written_at timestamptz(3) not null default clock_timestamp()
);
-- Compressed data does not compress again.
alter table match_evidence alter column data set storage external;

-- Kept for a number of days after the last search with the same content.
create table query_fingerprints (
  etag text primary key,
  format int not null,
  store_detail text not null check (store_detail in ('full', 'keyframes')),
  data bytea not null,
  duration_seconds double precision not null,
  width int not null,
  height int not null,
  has_audio boolean not null,
  searched_at timestamptz(3) not null default clock_timestamp()
);
alter table query_fingerprints alter column data set storage external;
create index query_fingerprints_by_age on query_fingerprints (searched_at);

-- The content that a search compared; null until it has ended, and for other jobs.
alter table jobs add column query_etag text;

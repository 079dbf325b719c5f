-- The version of the index rows that were derived from a fingerprint (INDEX_VERSION in packages/dna).
alter table fingerprints add column index_version int not null default 1;

-- Re-indexing: fingerprints of older versions are made again while searches go on. One worker at a time continues it, in
-- the order of the fingerprints' ids; each new fingerprint has a higher id than those that were there at the start.
create table reindexings (
  reindexing_id bigint primary key generated always as identity,
  state text not null default 'Running' check (state in ('Running', 'Done', 'Stopped')),
  -- Whether it renews only what is outdated, or everything.
  scope text not null check (scope in ('outdated', 'all')),
  -- Null for every library.
  dna_db_id text,
  videos_per_minute int check (videos_per_minute > 0),
  -- The versions it brings fingerprints and index rows to.
  format int not null,
  index_version int not null,
  -- Ids of the last fingerprint that was handled, and of the last one at the start.
  position bigint not null default 0,
  last_id bigint not null,
  total int not null,
  decoded int not null default 0,
  rebuilt int not null default 0,
  failed int not null default 0,
  worker_id text,
  lease_until timestamptz not null default '-infinity',
  next_at timestamptz not null default '-infinity',
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3)
);
create unique index reindexings_running on reindexings (state) where state = 'Running';

-- Videos that stay as they were, and why.
create table reindexing_failures (
  reindexing_id bigint not null references reindexings (reindexing_id) on delete cascade,
  video_id text not null references videos (video_id) on delete cascade,
  reason text not null,
  failed_at timestamptz(3) not null default clock_timestamp(),
  primary key (reindexing_id, video_id)
);
create index reindexing_failures_by_video on reindexing_failures (video_id);

-- What clients of Hasher-Matcher-Actioner know of a library, which they call a bank.
create table hma_banks (
  dna_db_id text primary key references libraries (dna_db_id) on delete cascade,
  -- The share of lookups in which it takes part.
  enabled_ratio double precision not null default 1 check (enabled_ratio between 0 and 1),
  -- Whether such a client created it, and so may rename and delete it.
  is_own boolean not null default false
);

-- Those clients name a video by a number.
create table hma_contents (
  content_id bigint primary key generated always as identity,
  video_id text not null unique references videos (video_id) on delete cascade,
  -- Unix time until which lookups leave it out. 1: never; 0: for good.
  disable_until_ts bigint not null default 1
);

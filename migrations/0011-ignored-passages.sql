-- Ignored passages: stretches of stored videos that searches of their library do not report, such as idents and cards.

create table ignored_passages (
  ignored_id text primary key,
  library_number int not null references libraries (number) on delete cascade,
  -- The video as it was. No foreign key: the rule outlives it.
  video_id text not null,
  bucket text not null,
  object text not null,
  etag text not null,
  start_seconds double precision not null,
  end_seconds double precision not null,
  everywhere boolean not null,
  note text,
  by_name text,
  -- A draft is what a dry run has looked up. It takes nothing away, and is deleted after an hour.
  is_draft boolean not null,
  state text not null check (state in ('Searching', 'Active', 'Failed')),
  -- The fingerprint of the stretch, which new videos are aligned with; null until it has been looked up.
  fingerprint bytea,
  -- While a worker looks the stretch up in its library.
  lease_until timestamptz,
  attempts int not null default 0,
  created_at timestamptz(3) not null default clock_timestamp(),
  check (start_seconds >= 0 and end_seconds > start_seconds),
  unique (library_number, etag, start_seconds, end_seconds, everywhere)
);
create index ignored_passages_to_find on ignored_passages (created_at) where state = 'Searching';
create index ignored_passages_by_library on ignored_passages (library_number, created_at desc);

-- Where each is: in its own video and, if it applies everywhere, in the videos that show it too.
create table ignored_ranges (
  ignored_id text not null references ignored_passages (ignored_id) on delete cascade,
  library_number int not null,
  -- The content, so that a range is void once the object has another one.
  etag text not null,
  start_seconds double precision not null,
  end_seconds double precision not null,
  score double precision not null,
  is_own boolean not null,
  unique (ignored_id, etag, start_seconds)
);
create index ignored_ranges_by_content on ignored_ranges (library_number, etag);

-- Finds the matches that an ignored passage touches.
create index match_passages_ignored on match_passages using gin (jsonb_path_query_array(passages, '$[*].ignored'));

-- Libraries, videos, fingerprints and the candidate index; jobs, queues, keys and callbacks.
-- Runs in schema kinoprint, in one transaction with its version row; the migration runner has made that schema
-- and the extension vector.

create table libraries (
  -- Names the index partitions and keeps index rows small; the public name is dna_db_id.
  number int generated always as identity primary key,
  dna_db_id text not null unique,
  name text not null,
  description text not null default '',
  capacity int not null check (capacity >= 0),
  bucket text not null,
  region text not null,
  min_similar int not null default 0 check (min_similar between 0 and 100),
  detect_on_store boolean not null default false,
  -- Kept by whoever publishes or deletes a video, with this row locked.
  video_count int not null default 0 check (video_count >= 0),
  total_ms bigint not null default 0,
  total_frames bigint not null default 0,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()
);

-- The truth about a video: the packed fingerprint. Invisible until a video points to it.
create table fingerprints (
  id bigint generated always as identity primary key,
  library_number int not null references libraries (number) on delete cascade,
  format int not null,
  data bytea not null,
  staged_at timestamptz(3) not null default clock_timestamp()
);
-- Packed data does not compress, and uncompressed values are read without a detour.
alter table fingerprints alter column data set storage external;
create index fingerprints_by_library on fingerprints (library_number);

create table videos (
  video_id text primary key,
  library_number int not null references libraries (number) on delete cascade,
  bucket text not null,
  region text not null,
  object text not null,
  etag text not null,
  duration_seconds double precision not null,
  width int not null,
  height int not null,
  has_audio boolean not null,
  frame_count int not null,
  fingerprint_id bigint not null unique references fingerprints (id),
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  unique (library_number, bucket, object)
);
create index videos_by_age on videos (library_number, created_at desc, video_id);
create index videos_by_object on videos (object);

-- A few rows a minute for each video, one partition for each library, made and dropped with it: a filter on the
-- library beside an HNSW index would cost recall. Can be dropped and rebuilt from fingerprints.data.
create table frame_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  hash bit(256) not null
) partition by list (library_number);

create table audio_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  hash bit(256) not null
) partition by list (library_number);

create table queues (
  queue_id text primary key,
  name text not null,
  state text not null default 'Active' check (state in ('Active', 'Paused')),
  max_size int not null default 10000 check (max_size >= 0),
  max_concurrent int not null default 10 check (max_concurrent >= 1),
  notify jsonb not null,
  is_default boolean not null default false,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()
);
create unique index queues_one_default on queues (is_default) where is_default;

create table jobs (
  job_id text primary key,
  seq bigint generated always as identity unique,
  state text not null check (state in ('Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel')),
  tag text not null default 'DNA',
  rule_type text not null check (rule_type in ('GetFingerPrint', 'FindSimilarVideo', 'DeleteFingerPrint')),
  -- No foreign key: a job outlives its library.
  dna_db_id text not null,
  video_id text,
  bucket text not null,
  region text not null,
  object text not null,
  job_level smallint not null default 0 check (job_level between 0 and 2),
  user_data text,
  queue_id text not null references queues (queue_id),
  callback jsonb,
  secret_id text,
  request_hash text,
  stage text not null default '',
  progress double precision not null default 0 check (progress between 0 and 1),
  -- How often a worker took it, less those that gave it back; claims never goes down and fences every write.
  attempts int not null default 0,
  claims int not null default 0,
  worker_id text,
  lease_until timestamptz,
  -- When the queue was last told of it; -infinity asks for that at once, null means never yet.
  dispatched_at timestamptz,
  code text,
  message text,
  cause text,
  result jsonb,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  check ((state = 'Running') = (lease_until is not null))
);
create index jobs_by_age on jobs (created_at, seq);
create index jobs_waiting on jobs (queue_id) where state in ('Submitted', 'Pause');
create index jobs_running on jobs (queue_id) where state = 'Running';
create index jobs_to_dispatch on jobs (job_level desc, seq) where state = 'Submitted';
create index jobs_by_request on jobs (request_hash, created_at) where request_hash is not null;
create index jobs_by_object on jobs (object, created_at, seq);
create index jobs_by_state on jobs (state, created_at, seq);
create index jobs_by_end on jobs (ended_at) where ended_at is not null;

-- Callbacks, written in the transaction that ends their job, sent at least once.
create table deliveries (
  id bigint generated always as identity primary key,
  job_id text not null references jobs (job_id) on delete cascade,
  status text not null default 'Pending' check (status in ('Pending', 'Delivered', 'Failed')),
  type text not null check (type in ('Url', 'TDMQ')),
  format text not null check (format in ('XML', 'JSON')),
  url text,
  mq_mode text check (mq_mode in ('Queue', 'Topic')),
  mq_region text,
  mq_name text,
  body text,
  attempts int not null default 0,
  -- When to try next; while an attempt runs, when to take it for dead.
  next_at timestamptz(3),
  last_error text,
  last_status int,
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  check ((status = 'Pending') = (next_at is not null))
);
create index deliveries_by_job on deliveries (job_id);
create index deliveries_due on deliveries (next_at) where status = 'Pending';

create table api_keys (
  secret_id text primary key,
  name text not null,
  -- AES-256-GCM under the server's encryption key: nonce (12 bytes), tag (16), the secret; the id is bound to it.
  secret bytea not null,
  -- null means all.
  actions text[],
  libraries text[],
  buckets text[],
  region text,
  created_at timestamptz(3) not null default clock_timestamp(),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);

-- What was processed, kept beyond the jobs themselves.
create table usage (
  secret_id text not null,
  dna_db_id text not null,
  rule_type text not null,
  jobs bigint not null default 0,
  processed_ms bigint not null default 0,
  primary key (secret_id, dna_db_id, rule_type)
);

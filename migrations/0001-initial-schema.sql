-- Libraries, videos, fingerprints and their search index; queues, jobs, callbacks and API keys.
--
-- Forward only: a migration that has been released is never edited or removed. Add the next number instead.
-- migrate() in packages/store runs each file once, in one transaction with its row in schema_version. It has already
-- created the schema kinoprint, which is first on the search path, and the extension vector.

create table libraries (
  -- Identifies the index partitions and keeps index rows small; the public id is dna_db_id.
  number int generated always as identity primary key,
  dna_db_id text not null unique,
  name text not null,
  description text not null default '',
  capacity int not null check (capacity >= 0),
  bucket text not null,
  region text not null,
  min_similar int not null default 0 check (min_similar between 0 and 100),
  detect_on_store boolean not null default false,
  -- Totals of its videos, updated with the row locked.
  video_count int not null default 0 check (video_count >= 0),
  total_ms bigint not null default 0,
  total_frames bigint not null default 0,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()
);

-- The packed fingerprint, from which the index can be rebuilt. Invisible until a video refers to it.
create table fingerprints (
  id bigint generated always as identity primary key,
  library_number int not null references libraries (number) on delete cascade,
  format int not null,
  data bytea not null,
  staged_at timestamptz(3) not null default clock_timestamp()
);
-- Packed data does not compress, and uncompressed values are faster to read.
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
create index videos_by_time on videos (created_at desc, video_id);
create index videos_by_bucket on videos (bucket, created_at desc, video_id);

-- The search index: a few rows per minute of video. Each library has its own partition, so a library is searched and
-- dropped on its own. The bucket key consists of the 24 bits of the hash that differ least between copies, the most
-- stable first (a bit's number counts from the top of word 0). Similar hashes share a bucket, which is a range of keys;
-- a search chooses how wide. packages/dna computes the same keys for queries.
create table frame_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  hash bit(256) not null,
  bucket_key int not null generated always as (
    (get_bit(hash, 204) << 23) + (get_bit(hash, 220) << 22) + (get_bit(hash, 233) << 21) + (get_bit(hash, 253) << 20) +
    (get_bit(hash, 237) << 19) + (get_bit(hash, 255) << 18) + (get_bit(hash, 206) << 17) + (get_bit(hash, 175) << 16) +
    (get_bit(hash, 234) << 15) + (get_bit(hash, 232) << 14) + (get_bit(hash, 236) << 13) + (get_bit(hash, 238) << 12) +
    (get_bit(hash, 205) << 11) + (get_bit(hash, 167) << 10) + (get_bit(hash, 252) << 9) + (get_bit(hash, 239) << 8) +
    (get_bit(hash, 218) << 7) + (get_bit(hash, 251) << 6) + (get_bit(hash, 171) << 5) + (get_bit(hash, 219) << 4) +
    (get_bit(hash, 216) << 3) + (get_bit(hash, 254) << 2) + (get_bit(hash, 191) << 1) + (get_bit(hash, 190) << 0)
  ) stored
) partition by list (library_number);
create index frame_index_buckets on frame_index (bucket_key) include (time_ms, fingerprint_id, hash);

-- An audio hash spans eight sub-fingerprints; its key is taken from the fourth.
create table audio_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  hash bit(256) not null,
  bucket_key int not null generated always as (
    (get_bit(hash, 96) << 23) + (get_bit(hash, 108) << 22) + (get_bit(hash, 100) << 21) + (get_bit(hash, 98) << 20) +
    (get_bit(hash, 99) << 19) + (get_bit(hash, 124) << 18) + (get_bit(hash, 101) << 17) + (get_bit(hash, 125) << 16) +
    (get_bit(hash, 106) << 15) + (get_bit(hash, 107) << 14) + (get_bit(hash, 97) << 13) + (get_bit(hash, 126) << 12) +
    (get_bit(hash, 109) << 11) + (get_bit(hash, 104) << 10) + (get_bit(hash, 116) << 9) + (get_bit(hash, 112) << 8) +
    (get_bit(hash, 120) << 7) + (get_bit(hash, 102) << 6) + (get_bit(hash, 113) << 5) + (get_bit(hash, 122) << 4) +
    (get_bit(hash, 118) << 3) + (get_bit(hash, 105) << 2) + (get_bit(hash, 110) << 1) + (get_bit(hash, 127) << 0)
  ) stored
) partition by list (library_number);
create index audio_index_buckets on audio_index (bucket_key) include (time_ms, fingerprint_id, hash);

-- One queue per bucket and region, created on first use.
create table queues (
  queue_id text primary key,
  name text not null,
  state text not null default 'Active' check (state in ('Active', 'Paused')),
  max_size int not null default 10000 check (max_size >= 0),
  max_concurrent int not null default 10 check (max_concurrent >= 1),
  notify jsonb not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  -- Upper bound of the waiting jobs: the count at waiting_counted_at plus all jobs added since.
  waiting_at_most int not null default 0,
  waiting_counted_at timestamptz not null default '-infinity',
  bucket text not null,
  region text not null
);
create unique index queues_by_bucket on queues (bucket, region);

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
  -- Number of claims by workers, not counting those that returned the job. `claims` never decreases: every write of
  -- a running job names the claim it belongs to.
  attempts int not null default 0,
  claims int not null default 0,
  worker_id text,
  lease_until timestamptz,
  -- When the job was last dispatched to BullMQ; null for never, -infinity for "dispatch again at once".
  dispatched_at timestamptz,
  code text,
  message text,
  cause text,
  result jsonb,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  -- Lets lists show the size of a result without reading it.
  result_bytes int not null generated always as (coalesce(octet_length(result::text), 0)) stored,
  -- Size of its object, once a worker has recorded it.
  bytes bigint,
  check ((state = 'Running') = (lease_until is not null))
);
-- One index per kind of job list. Lists without a state read all six states in order and merge them.
create index jobs_by_age on jobs (created_at, seq);
create index jobs_by_object on jobs (object, created_at, seq);
create index jobs_by_state on jobs (state, created_at, seq);
create index jobs_by_bucket on jobs (bucket, state, created_at, seq);
create index jobs_by_queue on jobs (queue_id, state, created_at, seq);
create index jobs_by_library on jobs (dna_db_id, created_at, seq);
create index jobs_by_rule on jobs (rule_type, created_at, seq);
create index jobs_by_end on jobs (ended_at) where ended_at is not null;
create index jobs_by_request on jobs (request_hash, created_at) where request_hash is not null;
create index jobs_running on jobs (queue_id) where state = 'Running';
create index jobs_waiting on jobs (queue_id) where state in ('Submitted', 'Pause');
create index jobs_waiting_by_key on jobs (secret_id) where state in ('Submitted', 'Pause') and secret_id is not null;
create index jobs_to_dispatch on jobs (job_level desc, seq) where state = 'Submitted';
create index jobs_to_restore on jobs (job_level desc, seq) where state = 'Submitted' and dispatched_at = '-infinity';
-- Finds every queue and key with waiting jobs, and the first jobs of each.
create index jobs_in_turn on jobs (queue_id, (coalesce(secret_id, '')), job_level desc, seq) where state = 'Submitted';

-- When each bucket and key last started a job. Workers take the next job from the bucket and key with the fewest
-- running jobs and, among equals, from the one served longest ago.
create sequence turn_numbers;
create table turns (
  kind text not null check (kind in ('bucket', 'key')),
  -- A bucket's name, or a key's SecretId; empty for jobs without a key.
  name text not null,
  turn bigint not null,
  primary key (kind, name)
);

-- Callbacks, written in the transaction that ends their job and sent at least once.
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
  -- When to try next. During an attempt: when the attempt counts as dead.
  next_at timestamptz(3),
  last_error text,
  last_status int,
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  -- The newest 50 attempts, oldest first: {attempt, at, seconds, httpStatus, error}; error is null on success.
  attempt_log jsonb not null default '[]',
  -- Start of the current series of attempts, which ends a day later. A manual resend starts a new one.
  retrying_since timestamptz(3) not null default clock_timestamp(),
  -- Who submitted the job: the key (empty for the command line), a space, and the job's bucket. Senders take turns
  -- between tenants and limit each host, so that one tenant's slow receivers delay no other tenant.
  tenant text not null default '',
  -- Host and port of the URL, or the broker's queue or exchange.
  host text not null default '',
  check ((status = 'Pending') = (next_at is not null))
);
create index deliveries_by_job on deliveries (job_id);
-- Skips from tenant to tenant, then reads the due callbacks of each by time.
create index deliveries_due on deliveries (tenant, next_at) include (host) where status = 'Pending';

create table api_keys (
  secret_id text primary key,
  name text not null,
  -- AES-256-GCM under the server's encryption key: nonce (12 bytes), tag (16 bytes), secret; bound to secret_id.
  secret bytea not null,
  -- Null means all.
  actions text[],
  libraries text[],
  buckets text[],
  region text,
  created_at timestamptz(3) not null default clock_timestamp(),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);

-- Totals per key, library and kind, which outlive the jobs.
create table usage (
  secret_id text not null,
  dna_db_id text not null,
  rule_type text not null,
  jobs bigint not null default 0,
  processed_ms bigint not null default 0,
  primary key (secret_id, dna_db_id, rule_type)
);

-- The id of a bucket's queue, created if missing. Null if the bucket already has queues in 64 regions: a request's Host
-- header can name any region.
create function ensure_queue(target_bucket text, target_region text) returns text language plpgsql as $$
declare
  found_id text;
begin
  select queue_id into found_id from queues where bucket = target_bucket and region = target_region;
  if found then return found_id; end if;
  if (select count(*) from queues where bucket = target_bucket) >= 64 then return null; end if;
  insert into queues (queue_id, name, bucket, region, notify)
  values ('p' || replace(gen_random_uuid()::text, '-', ''), 'default', target_bucket, target_region,
    '{"url": "", "state": "Off", "type": "Url", "event": "TaskFinish,WorkflowFinish", "resultFormat": "XML",
      "mqMode": "", "mqRegion": "", "mqName": ""}')
  on conflict do nothing;
  select queue_id into found_id from queues where bucket = target_bucket and region = target_region;
  return found_id;
end $$;

-- Writes jobs of one bucket into one queue (null for the bucket's own) and decides the outcome of each. `requests` is
-- a JSON array; the result rows have the same order, numbered from 1. Outcomes, the first that applies:
--   unknown library  library_must_exist is set and there is no such library
--   repeated         a retry (dedupe_seconds > 0) of a request whose job has not ended: `job` is that one
--   key saturated    waiting_per_key jobs of this key wait already, over all queues; 0 for no limit
--   queue saturated  max_size jobs wait in this queue already
--   created          `job` is the new one
-- No rows at all: the bucket has no such queue, or may not have another one (see ensure_queue).
--
-- A function, because a plain statement would not see what was committed while it waited for the lock on the queue.
create function enqueue_jobs(
  target_queue text, target_bucket text, target_region text, waiting_per_key int, requests json
) returns table (number int, outcome text, queue_id text, job jobs)
language plpgsql as $$
#variable_conflict use_column
declare
  queue queues%rowtype;
  free int;
begin
  target_queue := coalesce(target_queue, ensure_queue(target_bucket, target_region));
  -- This lock orders everything that is added to the queue: retries, its size, pausing it.
  select * into queue from queues
  where queue_id = target_queue and bucket = target_bucket and region = target_region for update;
  if not found then return; end if;

  -- Counting 10,000 waiting jobs takes milliseconds, so it happens once a second, or when the queue may be full.
  -- Between counts, jobs that leave only free more space; the few that workers return are counted a second later.
  if queue.waiting_at_most + json_array_length(requests) > queue.max_size
      or queue.waiting_counted_at not between clock_timestamp() - interval '1 second' and clock_timestamp() then
    select count(*) into queue.waiting_at_most from jobs where queue_id = queue.queue_id and state in ('Submitted', 'Pause');
    queue.waiting_counted_at := clock_timestamp();
  end if;
  free := queue.max_size - queue.waiting_at_most;

  return query
  with numbered as (
    select r.*,
      -- A retry belongs to the first of these requests with the same hash, if that is not itself.
      case when r.dedupe_seconds > 0 and r.request_hash is not null
        then nullif(min(r.number) over (partition by r.request_hash, r.secret_id), r.number) end as first_number,
      r.library_must_exist and not exists (
        select from libraries l where l.dna_db_id = r.dna_db_id
      ) as library_is_missing
    from rows from (json_to_recordset(requests) as (
      job_id text, tag text, rule_type text, dna_db_id text, video_id text, object text, job_level smallint,
      user_data text, callback jsonb, secret_id text, request_hash text, dedupe_seconds float8,
      library_must_exist boolean
    )) with ordinality as r (
      job_id, tag, rule_type, dna_db_id, video_id, object, job_level, user_data, callback, secret_id, request_hash,
      dedupe_seconds, library_must_exist, number
    )
  ), checked as (
    select n.*, earlier.job as earlier_job, earlier.job_id is not null as is_repeated,
      n.first_number is null and earlier.job_id is null and not n.library_is_missing as is_new
    from numbered n left join lateral (
      select j.job_id, j as job from jobs j
      where j.request_hash = n.request_hash and j.secret_id is not distinct from n.secret_id
        and j.bucket = target_bucket and j.region = target_region
        and j.created_at > clock_timestamp() - n.dedupe_seconds * interval '1 second' and j.ended_at is null
      order by j.created_at, j.seq limit 1
    ) earlier on n.dedupe_seconds > 0 and n.first_number is null
  ), free_by_key as (
    select k.secret_id, waiting_per_key - (
      select count(*) from (
        select from jobs j where j.secret_id = k.secret_id and j.state in ('Submitted', 'Pause') limit waiting_per_key
      ) waiting
    ) as free
    from (select distinct secret_id from numbered) k where waiting_per_key > 0 and k.secret_id is not null
  ), within_key as (
    select c.*, coalesce(
      count(*) filter (where c.is_new) over (partition by c.secret_id order by c.number) > k.free, false
    ) as is_over_key
    from checked c left join free_by_key k on k.secret_id = c.secret_id
  ), decided as (
    select *, case
      when library_is_missing then 'unknown library'
      when is_repeated then 'repeated'
      when is_over_key then 'key saturated'
      when count(*) filter (where is_new and not is_over_key) over (order by number) > free then 'queue saturated'
      else 'created'
    end as outcome
    from within_key
  ), written as (
    insert into jobs as j (job_id, state, queue_id, tag, rule_type, dna_db_id, video_id, bucket, region, object,
      job_level, user_data, callback, secret_id, request_hash)
    select job_id, case queue.state when 'Paused' then 'Pause' else 'Submitted' end, queue.queue_id, tag, rule_type,
      dna_db_id, video_id, target_bucket, target_region, object, job_level, user_data, callback, secret_id, request_hash
    from decided where outcome = 'created' and first_number is null order by number
    returning j.job_id, j as job
  ), counted as (
    update queues set waiting_at_most = queue.waiting_at_most + (select count(*) from written),
      waiting_counted_at = queue.waiting_counted_at
    where queue_id = queue.queue_id
  )
  select d.number::int,
    case when d.first_number is not null and first.outcome = 'created' then 'repeated' else first.outcome end,
    queue.queue_id, coalesce(first.earlier_job, w.job)
  from decided d join decided first on first.number = coalesce(d.first_number, d.number)
    left join written w on w.job_id = first.job_id
  order by d.number;
end $$;

-- Quotas of API keys. Null means no limit.
alter table api_keys add column minutes_per_day int check (minutes_per_day >= 0);
alter table api_keys add column minutes_per_month int check (minutes_per_month >= 0);
-- Jobs that wait or run at once.
alter table api_keys add column max_open_jobs int check (max_open_jobs >= 0);

-- The length of the video in a job whose key has a quota of minutes, from the moment that it is known until the job ends.
alter table jobs add column reserved_ms int not null default 0;
create index jobs_reserved_by_key on jobs (secret_id) include (reserved_ms) where ended_at is null and reserved_ms > 0;
-- Also finds those that run. Replaces the index of waiting jobs alone.
create index jobs_open_by_key on jobs (secret_id) where state in ('Submitted', 'Pause', 'Running') and secret_id is not null;
drop index jobs_waiting_by_key;
create index usage_by_key on usage_by_day (secret_id, day);

-- What a key has used of its quotas: billed milliseconds of this day and this month in UTC, those of jobs that have not
-- ended, and the number of these jobs.
create function key_use(key text, out today_ms bigint, out month_ms bigint, out reserved_ms bigint, out open_jobs int)
language sql stable as $$
  with today as (select (clock_timestamp() at time zone 'utc')::date as day)
  select coalesce(sum(u.processed_ms) filter (where u.day = t.day), 0)::bigint, coalesce(sum(u.processed_ms), 0)::bigint,
    (select coalesce(sum(j.reserved_ms), 0)::bigint from jobs j
     where j.secret_id = key and j.ended_at is null and j.reserved_ms > 0),
    (select count(*)::int from jobs j where j.secret_id = key and j.state in ('Submitted', 'Pause', 'Running'))
  from today t left join usage_by_day u on u.secret_id = key and u.rule_type <> 'DeleteFingerPrint'
    and u.day between date_trunc('month', t.day)::date and t.day
$$;

-- Locks those of the keys that have quotas, until the transaction ends. A later statement reads what they have used, and
-- so sees what other transactions have added.
create function lock_limited_keys(keys text[]) returns void language plpgsql as $$
begin
  perform from api_keys where secret_id = any(keys)
    and num_nonnulls(minutes_per_day, minutes_per_month, max_open_jobs) > 0
  order by secret_id for no key update;
end $$;

-- Writes jobs of one bucket into one queue (null for the bucket's own) and decides the outcome of each. `requests` is
-- a JSON array; the result rows have the same order, numbered from 1. Outcomes, the first that applies:
--   unknown library  library_must_exist is set and there is no such library
--   repeated         a retry (dedupe_seconds > 0) of a request whose job has not ended: `job` is that one
--   day spent        the key has used its minutes of this day (UTC)
--   month spent      the same of this month
--   key full         as many jobs of this key wait or run as its quota allows, over all queues
--   key saturated    waiting_per_key jobs of this key wait already, over all queues; 0 for no limit
--   queue saturated  max_size jobs wait in this queue already
--   created          `job` is the new one
-- No rows at all: the bucket has no such queue, or may not have another one (see ensure_queue).
--
-- A function, because a plain statement would not see what was committed while it waited for the lock on the queue.
create or replace function enqueue_jobs(
  target_queue text, target_bucket text, target_region text, waiting_per_key int, requests json
) returns table (number int, outcome text, queue_id text, job jobs)
language plpgsql as $$
#variable_conflict use_column
declare
  queue queues%rowtype;
  free int;
begin
  -- Before the lock on the queue, so that no transaction that holds a queue waits for a key.
  perform lock_limited_keys(array(select distinct r->>'secret_id' from json_array_elements(requests) r));
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
  with limited as materialized (
    select k.secret_id, k.max_open_jobs - u.open_jobs as free, case
        when u.today_ms + u.reserved_ms >= k.minutes_per_day * 60000::bigint then 'day spent'
        when u.month_ms + u.reserved_ms >= k.minutes_per_month * 60000::bigint then 'month spent'
      end as spent
    from api_keys k cross join lateral key_use(k.secret_id) u
    where k.secret_id in (select r->>'secret_id' from json_array_elements(requests) r)
      and num_nonnulls(k.minutes_per_day, k.minutes_per_month, k.max_open_jobs) > 0
  ), numbered as (
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
    select n.*, earlier.job as earlier_job, earlier.job_id is not null as is_repeated, s.spent,
      n.first_number is null and earlier.job_id is null and not n.library_is_missing and s.spent is null as is_new
    from numbered n left join limited s on s.secret_id = n.secret_id and n.rule_type <> 'DeleteFingerPrint'
    left join lateral (
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
    select c.*, c.nth > q.free is true as is_over_quota,
      c.nth > q.free is true or c.nth > k.free is true as is_over_key
    from (
      select *, count(*) filter (where is_new) over (partition by secret_id order by number) as nth from checked
    ) c left join free_by_key k on k.secret_id = c.secret_id left join limited q on q.secret_id = c.secret_id
  ), decided as (
    select *, case
      when library_is_missing then 'unknown library'
      when is_repeated then 'repeated'
      when spent is not null then spent
      when is_over_quota then 'key full'
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

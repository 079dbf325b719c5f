-- Puts jobs into a queue in one statement and one round trip. A statement sees what was there when it began, so one
-- that waited for the queue's row would miss what others put in meanwhile; those within a function see it.

-- At most so many jobs wait: as many as were counted then, and all that were put in since.
alter table queues
  add column waiting_most int not null default 0,
  add column waiting_counted_at timestamptz not null default '-infinity';

-- What becomes of each of `asked`, which are numbered from 0 in the order in which they came: `fresh`, `repeated` (the
-- same request made that job a moment ago), `saturated` (as many wait as the queue may hold) or `no library`. Nothing
-- at all where there is no such queue; null stands for the default one.
create function put_into_queue(asked_queue text, asked json)
returns table (place int, outcome text, job_id text, seq bigint, queue_id text, state text, created_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
  held queues%rowtype;
  room int;
begin
  -- The queue's row orders everything that is put into it: repeated requests, its size, its pausing.
  select * into held from queues
  where queue_id = coalesce(asked_queue, (select queue_id from queues where is_default)) for update;
  if not found then return; end if;

  -- Counting takes as long as many wait. What has left since then only makes room; the few that were given back by
  -- their workers count a second later.
  if held.waiting_most + json_array_length(asked) > held.max_size
      or held.waiting_counted_at not between clock_timestamp() - interval '1 second' and clock_timestamp() then
    select count(*) into held.waiting_most from jobs where queue_id = held.queue_id and state in ('Submitted', 'Pause');
    held.waiting_counted_at := clock_timestamp();
  end if;
  room := held.max_size - held.waiting_most;

  return query
  with given as (
    select a.*, first.job_id as first_id, a.must_exist and not exists (
      select from libraries l where l.dna_db_id = a.dna_db_id
    ) as homeless
    from json_to_recordset(asked) as a (
      place int, job_id text, tag text, rule_type text, dna_db_id text, video_id text, bucket text, region text,
      object text, job_level smallint, user_data text, callback jsonb, secret_id text, request_hash text,
      dedupe_seconds float8, must_exist boolean
    )
    left join lateral (
      select j.job_id from jobs j
      where j.request_hash = a.request_hash and j.secret_id is not distinct from a.secret_id and j.bucket = a.bucket
        and j.created_at > clock_timestamp() - a.dedupe_seconds * interval '1 second' and j.ended_at is null
      order by j.created_at, j.seq limit 1
    ) first on a.dedupe_seconds > 0
  ), judged as (
    select *, case
      when homeless then 'no library'
      when first_id is not null then 'repeated'
      when count(*) filter (where not homeless and first_id is null) over (order by place) > room then 'saturated'
      else 'fresh'
    end as outcome
    from given
  ), written as (
    insert into jobs as j (job_id, state, queue_id, tag, rule_type, dna_db_id, video_id, bucket, region, object,
      job_level, user_data, callback, secret_id, request_hash)
    select job_id, case held.state when 'Paused' then 'Pause' else 'Submitted' end, held.queue_id, tag, rule_type,
      dna_db_id, video_id, bucket, region, object, job_level, user_data, callback, secret_id, request_hash
    from judged where outcome = 'fresh' order by place
    returning j.job_id, j.seq, j.state, j.created_at
  ), counted as (
    update queues set waiting_most = held.waiting_most + (select count(*) from judged where outcome = 'fresh'),
      waiting_counted_at = held.waiting_counted_at
    where queue_id = held.queue_id
  )
  select g.place, g.outcome, coalesce(g.first_id, g.job_id), w.seq, held.queue_id, w.state, w.created_at
  from judged g left join written w on w.job_id = g.job_id
  order by g.place;
end $$;

-- Every bucket has its own queue, made on first use. A bucket is its name and its region. The one queue that all
-- buckets shared is divided: each bucket keeps its jobs, whether they wait, run or have ended.

alter table queues
  add column bucket text not null default '',
  add column region text not null default '';

-- The bucket with the most jobs keeps the shared queue and its id. Without any job it stays without a bucket until the
-- next start gives it to the default bucket.
create temporary table queue_places on commit drop as
select j.bucket, j.region, q.queue_id as shared_id,
  row_number() over (order by count(*) desc, min(j.seq)) as rank
from jobs j join queues q on q.queue_id = j.queue_id and q.is_default
group by j.bucket, j.region, q.queue_id;

update queues q set bucket = p.bucket, region = p.region
from queue_places p where p.rank = 1 and q.queue_id = p.shared_id;

insert into queues (queue_id, name, state, max_size, max_concurrent, notify, bucket, region)
select 'p' || replace(gen_random_uuid()::text, '-', ''), q.name, q.state, q.max_size, q.max_concurrent, q.notify,
  p.bucket, p.region
from queue_places p join queues q on q.queue_id = p.shared_id where p.rank > 1;

update jobs j set queue_id = q.queue_id
from queues q join queue_places p on p.bucket = q.bucket and p.region = q.region
where p.rank > 1 and j.queue_id = p.shared_id and j.bucket = q.bucket and j.region = q.region;

-- Where keys are limited, buckets belong to different tenants: the address that one of them gave the shared queue must
-- not get the results of the others. Its bucket has to set it again.
update queues set notify = notify || '{"state": "Off", "url": "", "mqName": ""}'
where exists (select from queue_places where rank > 1)
  and exists (select from api_keys where buckets is not null or libraries is not null);

drop index queues_one_default;
alter table queues drop column is_default;
create unique index queues_by_bucket on queues (bucket, region) where bucket <> '';

-- The id of a bucket's queue, made where it is missing; null where the bucket has queues in too many regions: a
-- request's Host names any region that it likes.
create function queue_of(asked_bucket text, asked_region text) returns text language plpgsql as $$
declare
  found_id text;
begin
  select queue_id into found_id from queues where bucket = asked_bucket and region = asked_region;
  if found then return found_id; end if;
  if (select count(*) from queues where bucket = asked_bucket) >= 64 then return null; end if;
  insert into queues (queue_id, name, bucket, region, notify)
  values ('p' || replace(gen_random_uuid()::text, '-', ''), 'default', asked_bucket, asked_region,
    '{"url": "", "state": "Off", "type": "Url", "event": "TaskFinish,WorkflowFinish", "resultFormat": "XML",
      "mqMode": "", "mqRegion": "", "mqName": ""}')
  on conflict do nothing;
  select queue_id into found_id from queues where bucket = asked_bucket and region = asked_region;
  return found_id;
end $$;

-- Waiting jobs of a key, counted when it adds some.
create index jobs_waiting_by_key on jobs (secret_id) where state in ('Submitted', 'Pause') and secret_id is not null;

drop function put_into_queue (text, json);

-- What becomes of each of `asked`, which are numbered from 0 in the order in which they came: `fresh`, `repeated` (a
-- retry of a request that made that job a moment ago), `saturated` (as many wait as the queue may hold), `key
-- saturated` (as many jobs of the key wait, in all queues, as `key_most`; 0 for any number) or `no library`. Nothing
-- at all where the bucket has no such queue; null stands for its own one.
create function put_into_queue(asked_queue text, asked_bucket text, asked_region text, key_most int, asked json)
returns table (place int, outcome text, job_id text, seq bigint, queue_id text, state text, created_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
  held queues%rowtype;
  room int;
begin
  asked_queue := coalesce(asked_queue, queue_of(asked_bucket, asked_region));
  -- The queue's row orders everything that is put into it: repeated requests, its size, its pausing.
  select * into held from queues
  where queue_id = asked_queue and bucket = asked_bucket and region = asked_region for update;
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
      where j.request_hash = a.request_hash and j.secret_id is not distinct from a.secret_id
        and j.bucket = a.bucket and j.region = a.region
        and j.created_at > clock_timestamp() - a.dedupe_seconds * interval '1 second' and j.ended_at is null
      order by j.created_at, j.seq limit 1
    ) first on a.dedupe_seconds > 0
  ), key_rooms as (
    select k.secret_id, key_most - (
      select count(*) from (
        select from jobs j where j.secret_id = k.secret_id and j.state in ('Submitted', 'Pause') limit key_most
      ) waiting
    ) as room
    from (select distinct secret_id from given) k where key_most > 0 and k.secret_id is not null
  ), shared as (
    select g.*, not homeless and first_id is null as is_new,
      count(*) filter (where not homeless and first_id is null) over (partition by g.secret_id order by g.place)
        > r.room as is_over
    from given g left join key_rooms r on r.secret_id = g.secret_id
  ), judged as (
    select *, case
      when homeless then 'no library'
      when first_id is not null then 'repeated'
      when is_over then 'key saturated'
      when count(*) filter (where is_new and is_over is not true) over (order by place) > room then 'saturated'
      else 'fresh'
    end as outcome
    from shared
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

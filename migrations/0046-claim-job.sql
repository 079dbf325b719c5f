-- Claims a job for a worker if it may run now. Outcomes, the first that applies:
--   unknown    there is no such job
--   paused     it waits in a paused queue
--   ended      it has ended
--   held       another worker holds it for `lease_left_ms` more
--   exhausted  it was claimed `most_attempts` times; nothing is changed
--   full       its queue runs max_concurrent jobs; one whose worker has died is already counted
--   run        `job` is the claimed one
--
-- A function, because a worker that dies or loses its network between two statements would keep the lock on the queue, for
-- which every submission waits, until PostgreSQL ends its session.
create function claim_job(target_job text, worker text, lease_ms float8, most_attempts int)
returns table (outcome text, lease_left_ms float8, job jobs)
language plpgsql as $$
#variable_conflict use_column
declare
  queue queues%rowtype;
  target jobs%rowtype;
begin
  outcome := 'unknown';
  -- With this lock, max_concurrent holds over all workers and no job goes to two of them.
  select q.* into queue from queues q
  where q.queue_id = (select j.queue_id from jobs j where j.job_id = target_job) for update;
  if found then
    select j.* into target from jobs j where j.job_id = target_job for update;
  end if;
  if found then
    lease_left_ms := extract(epoch from target.lease_until - clock_timestamp()) * 1000;
    outcome := case
      when target.state = 'Pause' then 'paused'
      when target.state not in ('Submitted', 'Running') then 'ended'
      when target.state = 'Running' and lease_left_ms > 0 then 'held'
      when target.attempts >= most_attempts then 'exhausted'
      when target.state = 'Running' then 'run'
      when queue.state = 'Paused' then 'paused'
      when (select count(*) from jobs j where j.queue_id = queue.queue_id and j.state = 'Running') >= queue.max_concurrent
        then 'full'
      else 'run'
    end;
  end if;
  if outcome = 'paused' then
    update jobs j set state = 'Pause' where j.job_id = target_job and j.state = 'Submitted';
  end if;
  if outcome = 'run' then
    update jobs j set state = 'Running', attempts = j.attempts + 1, claims = j.claims + 1, worker_id = worker,
      lease_until = clock_timestamp() + lease_ms * interval '1 millisecond', stage = '', progress = 0,
      started_at = coalesce(j.started_at, clock_timestamp())
    where j.job_id = target_job returning j.* into target;
    job := target;
    -- The bucket and the key were served. Every claim updates the bucket before the key, which prevents deadlocks.
    insert into turns as t (kind, name, turn)
    values ('bucket', target.bucket, nextval('turn_numbers')), ('key', coalesce(target.secret_id, ''), nextval('turn_numbers'))
    on conflict (kind, name) do update set turn = excluded.turn;
  end if;
  return next;
end $$;

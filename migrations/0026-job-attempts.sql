-- The last 20 attempts of a job. A trigger begins and ends them, so that no statement that claims, returns, cancels or ends
-- jobs can leave one out. Workers write the stages.
create table job_attempts (
  job_id text not null references jobs (job_id) on delete cascade,
  -- The value of jobs.claims.
  claim int not null,
  -- Its name. The row of a worker does not outlive it by more than a day.
  worker text not null,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  outcome text check (outcome in ('Success', 'Failed', 'Cancel', 'Returned', 'Lost')),
  code text,
  -- [{"stage", "seconds"}]: when each stage began, in seconds after started_at.
  stages jsonb not null default '[]',
  primary key (job_id, claim),
  check ((ended_at is null) = (outcome is null))
);

create function record_job_attempt() returns trigger language plpgsql as $$
declare
  expired boolean := old.lease_until <= clock_timestamp();
begin
  if old.state = 'Running' then
    update job_attempts set
      ended_at = least(clock_timestamp(), case when new.state = 'Running' or expired then old.lease_until end),
      outcome = case
        when new.state in ('Success', 'Cancel') then new.state
        -- A job whose worker died in its last attempt fails too.
        when new.state = 'Failed' and not (expired and new.code = 'InternalError') then 'Failed'
        when new.attempts < old.attempts then 'Returned'
        else 'Lost' end,
      code = case when new.state = 'Failed' then new.code end
    where job_id = old.job_id and claim = old.claims and ended_at is null;
  end if;
  if new.claims > old.claims then
    insert into job_attempts (job_id, claim, worker)
    values (new.job_id, new.claims,
      coalesce((select name from workers where worker_id = new.worker_id), new.worker_id));
    delete from job_attempts where job_id = new.job_id and claim <= new.claims - 20;
  end if;
  return null;
end $$;
create trigger record_attempt after update of state, claims on jobs for each row
  when (new.claims > old.claims or (old.state = 'Running' and new.state <> 'Running'))
  execute function record_job_attempt();

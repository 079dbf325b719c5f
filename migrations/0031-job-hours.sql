-- What happened in each hour that is over, so that the figures of a month do not read its jobs again. A row is written when
-- it is first needed; it stays when the jobs are purged.
create table job_hours (
  -- The start of the hour, in UTC.
  hour timestamptz primary key,
  -- Counts, and how often each time occurred (packages/store/src/stats/job-tally.ts).
  tally jsonb not null
);

-- A job that runs again no longer ended in its hour, which is counted again when it is next needed.
create function forget_job_hour() returns trigger language plpgsql as $$
begin
  delete from job_hours where hour = date_bin('1 hour', old.ended_at, timestamptz '2000-01-01T00:00:00Z');
  return null;
end $$;
create trigger forget_hour after update of ended_at on jobs for each row
  when (old.ended_at is not null and old.ended_at is distinct from new.ended_at)
  execute function forget_job_hour();

-- Jobs that submit a job for each object under a prefix or in a list.
create table inventory_jobs (
  inventory_job_id text primary key,
  seq bigint generated always as identity,
  bucket text not null,
  region text not null,
  secret_id text not null,
  -- The request as it was parsed: name, source, and what to do with each object.
  request jsonb not null,
  state text not null default 'Submitted' check (state in ('Submitted', 'Running', 'Success', 'Failed', 'Cancel')),
  -- The last object that was submitted, or the number of lines of the list that were.
  position text not null default '',
  -- Whether every object has been submitted.
  is_listed boolean not null default false,
  submitted int not null default 0,
  code text,
  message text,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  -- When to continue. While a worker is at it: when that worker counts as dead.
  next_at timestamptz not null default clock_timestamp()
);
create index inventory_jobs_by_bucket on inventory_jobs (bucket, created_at, seq);
create index inventory_jobs_open on inventory_jobs (next_at) where state in ('Submitted', 'Running');

alter table jobs add column inventory_job_id text;
create index jobs_by_inventory_job on jobs (inventory_job_id, created_at, seq) where inventory_job_id is not null;

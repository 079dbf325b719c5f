-- The run of "Try it": a library with one video and a search for an altered copy of it. There is at most one.
create table sample_runs (
  dna_db_id text primary key,
  bucket text not null,
  -- The stored video and its copy, once they exist.
  object text,
  copy text,
  -- Objects that the run has made, which go with it.
  made_objects text[] not null default '{}',
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  -- {name, state, startedAt, endedAt} in order.
  steps jsonb not null,
  store_job_id text,
  search_job_id text,
  match_id text,
  message text,
  created_at timestamptz(3) not null default clock_timestamp(),
  -- Moves every few seconds while the server works on it.
  heard_at timestamptz(3) not null default clock_timestamp()
);
-- One run at a time.
create unique index sample_runs_single on sample_runs ((true));

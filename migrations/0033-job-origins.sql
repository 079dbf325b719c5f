-- The request that submitted a job: its id for the log, and its span, which becomes the parent of the job's spans.
create table job_origins (
  job_id text primary key references jobs (job_id) on delete cascade,
  request_id text,
  -- W3C Trace Context: version, trace id, span id and flags. Null while no traces are sent.
  trace_parent text
);

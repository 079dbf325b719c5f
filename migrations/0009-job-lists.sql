-- An index for each way in which jobs are listed, and the size of a result beside it: lists read neither all jobs nor
-- results that they do not show.

alter table jobs
  add column result_bytes int not null generated always as (coalesce(octet_length(result::text), 0)) stored;

-- Lists without a state read each of the six states in order and merge them.
create index jobs_by_bucket on jobs (bucket, state, created_at, seq);
create index jobs_by_queue on jobs (queue_id, state, created_at, seq);
create index jobs_by_library on jobs (dna_db_id, created_at, seq);
create index jobs_by_rule on jobs (rule_type, created_at, seq);

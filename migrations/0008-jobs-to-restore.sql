-- The few waiting jobs that ask to be put back into the queue at once, found without reading all that wait.
create index jobs_to_restore on jobs (job_level desc, seq) where state = 'Submitted' and dispatched_at = '-infinity';

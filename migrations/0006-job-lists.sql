-- Job lists of the administrator: by key and by reason of failure, with counts by state. The state is included so that
-- counting reads the index alone.
drop index jobs_by_library;
create index jobs_by_library on jobs (dna_db_id, created_at, seq) include (state);
drop index jobs_by_rule;
create index jobs_by_rule on jobs (rule_type, created_at, seq) include (state);
create index jobs_by_key on jobs (secret_id, created_at, seq) include (state) where secret_id is not null;
create index jobs_by_code on jobs (code, created_at, seq) include (state) where code is not null;

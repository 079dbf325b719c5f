-- Finished parts of long jobs, until the job ends: after a crash, another claim continues with the next part.
create table job_pieces (
  job_id text not null references jobs (job_id) on delete cascade,
  kind text not null,
  piece int not null,
  data bytea not null,
  primary key (job_id, kind, piece)
);
